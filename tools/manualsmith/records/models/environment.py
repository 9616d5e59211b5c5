"""An observed environment, in the five categories of note 1 of the standard IIS3512-001v1."""

from typing import TYPE_CHECKING, Annotated

from pydantic import ConfigDict, Field, create_model

from manualsmith.layout import CATEGORIES
from manualsmith.markdown.edit_models import Model
from manualsmith.records.models.fields import FactName, NoneIsNoList, OneLine, Text


class Fact(Model):
    """One fact of an environment; the manual stays true where the two values are equal.

    label: what people call it, where the settings do not say: who observes may not set anything.
    """

    model_config = ConfigDict(title="環境事實")

    fact: Annotated[FactName, Field(description="名稱，例如 desktop-client.version")]
    label: Annotated[
        OneLine | None, Field(description="給人看的名稱，例如 macOS 版本；設定檔已有名稱就省略")
    ] = None
    documented: Annotated[OneLine | None, Field(description="手冊上寫的值；手冊沒寫就省略")] = None
    observed: Annotated[OneLine, Field(description="實際看到的值")]
    note: Annotated[Text | None, Field(description="補充說明")] = None


Facts = Annotated[tuple[Fact, ...], NoneIsNoList]


if TYPE_CHECKING:

    class Environment(Model):
        """The observed environment: the facts of each category of `layout.CATEGORIES`."""

else:
    Environment = create_model(
        "Environment",
        __base__=Model,
        __doc__="The observed environment: the facts of each category of `layout.CATEGORIES`.",
        **{
            name: (Annotated[Facts, Field(description=category.title)], ())
            for name, category in CATEGORIES.items()
        },
    )
    Environment.model_config["title"] = "環境"
    Environment.model_rebuild(force=True)
