"""A name tells its region only where it tells it for certain."""

import pytest

from extract.forms.regions import Place, place_of


@pytest.mark.parametrize(
    ("agency", "place"),
    [
        ("上海市普陀区财政局", Place("310107", "上海市", None, "普陀区")),
        ("株洲市社会保险服务中心", Place("430200", "湖南省", "株洲市")),
        ("苍南县水利局", Place("330327", "浙江省", "温州市", "苍南县")),
        ("内蒙古自治区公共资源交易中心", Place("150000", "内蒙古自治区")),
        ("内蒙古巴彦淖尔市审计局", Place("150800", "内蒙古自治区", "巴彦淖尔市")),
        ("中共上海市普陀区委社会工作部", Place("310107", "上海市", None, "普陀区")),
        ("四川省沐川中学", Place("510000", "四川省")),
        ("吉林市某局", Place("220200", "吉林省", "吉林市")),
    ],
)
def test_a_region_in_front_of_a_name_is_told(agency, place):
    assert place_of(agency) == place


@pytest.mark.parametrize(
    "agency",
    ["普陀区财政局", "市中区教育局", "海南州公安局", "北京路小学", "某局", "", "云岭县水务局"],
)
def test_a_name_that_two_places_share_or_none_has_tells_nothing(agency):
    assert place_of(agency) is None


def test_two_places_of_one_name_tell_what_they_have_in_common():
    """普陀区 is in Shanghai and in 舟山; two 鼓楼区 of one province would still tell the province."""
    assert place_of("江苏省鼓楼区教育局").province == "江苏省"
