//! Townships in addresses.

use youju_codes::area;
use youju_codes::locate::township;

#[test]
fn an_address_that_names_one_township_of_one_county_says_where_a_unit_is() {
    for (address, expected) in [
        ("浙江省金华市兰溪市兰江街道振兴路15号", "浙江省 › 金华市 › 兰溪市 › 兰江街道"),
        ("浙江省兰溪市兰江街道", "浙江省 › 金华市 › 兰溪市 › 兰江街道"),
        ("兰溪市　兰江街道办事处", "浙江省 › 金华市 › 兰溪市 › 兰江街道"),
        ("安徽省亳州市利辛县胡集镇", "安徽省 › 亳州市 › 利辛县 › 胡集镇"),
        ("重庆 江北 重庆市江北区观音桥街道建新北路76号", "重庆市 › 江北区 › 观音桥街道"),
    ] {
        assert_eq!(township(address).map(|code| area::path(&code)).as_deref(), Some(expected), "{address}");
    }
}

#[test]
fn what_is_not_said_is_not_guessed() {
    for address in [
        "",
        "浙江省东阳市东义路2号希宝广场1楼",
        "重庆市江北区建新北路76号",
        "兰江街道",
        "兰溪市兰江街道与云山街道交界处",
        // Chongqing and Ningbo have a county of this name, and nothing says which.
        "江北区观音桥街道",
    ] {
        assert_eq!(township(address), None, "{address}");
    }
}
