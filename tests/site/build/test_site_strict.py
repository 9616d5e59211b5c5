"""What fails ``mkdocs build --strict``, told by the paths that authors see."""

from pathlib import Path

from small_site import PAGES, write_site


def test_each_fault_is_told_and_the_build_fails(tmp_path: Path) -> None:
    faults = {
        "docs/index.md": "# 首頁\n\n[a](../manuals/operation/gone.md) [b](staff.md#沒有這一節)\n",
        "manuals/operation/images.md": "# 圖\n\n![x](images/gone.svg)\n",
        "manuals/operation/anchor.md": "# 錨\n\n[c](../troubleshooting/sign-in.md#沒有)\n",
        "manuals/operation/site-tree.md": "# 路徑\n\n[d](../../staff.md)\n",
        "manuals/operation/order.md": "---\norder: 第一\n---\n# 排序\n",
        "manuals/operation/README.md": "# 與 index.md 同一網址\n",
    }
    site = write_site(tmp_path / "repository", PAGES | faults)
    record = "records/confirmations/ENV-2026-0001.yaml"
    (site.root / "manuals/operation/leak.yaml").symlink_to(site.root / record)
    (site.root / "docs/leak").symlink_to(site.root / "records", target_is_directory=True)
    done = site.build()
    assert done.returncode != 0
    for told in (
        "'docs/index.md' contains a link '../manuals/operation/gone.md'",
        "'docs/index.md' contains a link 'staff.md#沒有這一節'",
        "'manuals/operation/images.md' contains a link 'images/gone.svg'",
        "'manuals/operation/anchor.md' contains a link '../troubleshooting/sign-in.md#沒有'",
        "'manuals/operation/site-tree.md' contains a link '../../staff.md'",
        "manuals/operation/order.md: order is not a number: 第一",
        "manuals/operation/README.md is left out: manuals/operation/index.md has the same address",
        "manuals/operation/leak.yaml leads to a file that is not for readers",
        "docs/leak/confirmations/ENV-2026-0001.yaml leads to a file that is not for readers",
    ):
        assert told in done.stderr
    assert done.stderr.count("WARNING") == 9, done.stderr
    assert not list(site.out.rglob("*.yaml"))


def test_a_dead_anchor_alone_fails(tmp_path: Path) -> None:
    pages = {
        "docs/index.md": "# 首頁\n\n[a](../manuals/operation/a.md#二)\n",
        "manuals/operation/a.md": "# 甲\n\n## 一\n",
    }
    site = write_site(tmp_path / "repository", pages)
    assert site.build().returncode != 0
    (site.root / "manuals/operation/a.md").write_text("# 甲\n\n## 二\n", "utf-8")
    assert site.build().returncode == 0
