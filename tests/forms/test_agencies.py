"""A body is followed over changes of name that schemas/agencies states, and over no others."""

from __future__ import annotations

import pytest

from extract.errors import SchemaError
from extract.forms.agencies import Rename, body_of, followed, load, renames


def rename(before: str, after: str, *, ending: bool = False, how: str = "renamed") -> Rename:
    return Rename(before=before, after=after, ending=ending, since=2019, how=how, seen="made up")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("某市环境保护局", "某市生态环境局"),
        ("某省国土资源厅", "某省自然资源厅"),
        ("农业部", "农业农村部"),
        ("某市地方金融监督管理局", "某市地方金融管理局"),
        ("某市 财政局", "某市财政局"),
    ],
)
def test_two_names_of_one_body(one, other):
    assert body_of(one).name == body_of(other).name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("甲市财政局", "乙市财政局"),
        ("某市财政局", "某市财政局（本级）"),
        ("某市农业局", "某市农业局服务中心"),
        ("某市工商行政管理局", "某市市场监督管理局"),  # one of three that were merged
    ],
)
def test_two_bodies(one, other):
    assert body_of(one).name != body_of(other).name


def test_a_province_in_front_of_its_city_is_the_same_place():
    long = body_of("湖南省株洲市财政局", "湖南省", "株洲市")
    assert long == body_of("株洲市财政局", "湖南省", "株洲市")
    assert body_of("北京市财政局", "北京市", "北京市").name == "北京市财政局"


def test_a_reorganised_body_is_one_line_but_not_one_balance():
    told = body_of("某市环境保护局")
    assert told.name == "某市生态环境局"
    assert told.kept == "某市环境保护局"
    renamed = body_of("某市地方金融监督管理局")
    assert renamed.name == renamed.kept == "某市地方金融管理局"


def test_a_line_of_names_is_followed_to_its_end_and_a_ring_ends():
    by = [rename("甲", "乙"), rename("乙", "丙"), rename("丁", "戊"), rename("戊", "丁")]
    assert followed("甲", by) == "丙"
    assert followed("丁", by) == "戊"


def test_a_name_goes_on_as_one(tmp_path):
    path = tmp_path / "renames.yaml"
    one = "{from: 甲局, to: 乙局, since: 2019, how: renamed, seen: x}"
    path.write_text(f"- {one}\n- {one.replace('乙', '丙')}\n", encoding="utf-8")
    with pytest.raises(SchemaError, match="goes on as two"):
        load(path)
    path.write_text("- {from: 甲局}\n", encoding="utf-8")
    with pytest.raises(SchemaError, match=r"renames\.yaml"):
        load(path)


def test_no_name_of_the_schemas_is_what_several_became():
    """Two lines that meet would be two bodies of one year in one line of the panel."""
    ends = [followed(one.before, renames()) for one in renames()]
    begun = {one.before for one in renames()} - {one.after for one in renames()}
    starts = [followed(name, renames()) for name in begun]
    assert len(starts) == len(set(starts)), ends
