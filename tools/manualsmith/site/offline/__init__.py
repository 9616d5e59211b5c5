"""The site without a network: kept on the reader's device, or taken along as a PDF."""
