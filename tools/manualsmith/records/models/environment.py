"""An observed environment, in the five categories of note 1 of the standard IIS3512-001v1."""

from typing import Annotated

from pydantic import ConfigDict, Field

from manualsmith.markdown.edit_models import Model
from manualsmith.records.models.fields import FactName, NoneIsNoList, OneLine, Text


class Fact(Model):
    """One fact of an environment; the manual stays true where the two values are equal."""

    model_config = ConfigDict(title="環境事實")

    fact: Annotated[FactName, Field(description="名稱，例如 desktop-client.version")]
    documented: Annotated[OneLine | None, Field(description="手冊上寫的值；手冊沒寫就省略")] = None
    observed: Annotated[OneLine, Field(description="實際看到的值")]
    note: Annotated[Text | None, Field(description="補充說明")] = None


Facts = Annotated[tuple[Fact, ...], NoneIsNoList]


class Environment(Model):
    """The observed environment in five categories."""

    model_config = ConfigDict(title="環境")

    hardware: Annotated[Facts, Field(description="硬體")] = ()
    software: Annotated[Facts, Field(description="軟體")] = ()
    network: Annotated[Facts, Field(description="網路")] = ()
    roles: Annotated[Facts, Field(description="操作人員的角色")] = ()
    procedures: Annotated[Facts, Field(description="操作程序")] = ()
