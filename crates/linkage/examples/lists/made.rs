//! Made-up units of one province, as many as wanted: names out of common characters, so that many are alike, addresses in its townships.

use youju_codes::{AreaCode, Usci, area};

use crate::chance::{Chance, Row};

const CORE: &str = "华东兴金鑫宏达永盛新天丰明顺利美佳宇恒安泰和康福源德信诚伟建国海林龙凤春阳光辉煌星辰飞翔腾越瑞祥吉庆荣昌隆旺发财富贵玉宝珍珠翠兰梅竹菊松柏青云峰山川江河湖洋波涛博文雅智慧聪颖杰英豪雄威武勇强力健凯胜捷迅驰骏马鹏程远航志成功伦理仁义礼孝廉朗清净秀丽彩虹霞露雪冰霜晨曦晓月圆满联合众创惠民乐业嘉禾田园绿野森木果香甜蜜友亲情谊同心协正大中方圆通畅达利亿万千百千里路桥舟帆";
const TRADES: &[&str] = &[
    "商贸",
    "贸易",
    "科技",
    "服饰",
    "建材",
    "电子",
    "机械",
    "食品",
    "装饰",
    "工艺品",
    "五金",
    "汽车配件",
    "建筑工程",
    "房地产开发",
    "物流",
    "纺织",
    "针织",
    "塑料",
    "化工",
    "广告",
    "文化传播",
    "信息技术",
    "农业开发",
    "环保科技",
    "物业管理",
    "餐饮管理",
    "劳务",
    "电器",
    "家具",
    "印刷",
    "包装",
    "饰品",
    "箱包",
    "鞋业",
    "袜业",
    "医疗器械",
    "教育咨询",
    "企业管理",
    "电子商务",
    "供应链",
    "新能源",
    "园林绿化",
    "水产",
    "茶叶",
    "百货",
    "烟酒",
    "美容",
    "汽车维修",
    "不锈钢",
    "模具",
];
const FORMS: &[&str] = &[
    "有限公司",
    "有限公司",
    "有限公司",
    "经营部",
    "厂",
    "有限责任公司",
    "商行",
    "店",
    "股份有限公司",
    "专业合作社",
    "工作室",
    "服务部",
];
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤";
const ROADS: &str = "人民解放中山建设新华和平胜利东风团结环城滨江迎宾工业科技创新振兴长江黄河北京上海杭州宁波文化教育体育健康幸福光明朝阳花园学院机场车站广场";

/// Where made-up units are: the townships of a province.
pub struct World {
    townships: Vec<(String, String)>,
    cores: Vec<char>,
    surnames: Vec<char>,
    roads: Vec<char>,
}

impl World {
    /// The townships of the province of this code.
    pub fn new(province: &str) -> World {
        let mut waiting: Vec<_> =
            AreaCode::parse(province).ok().and_then(|code| area::find(&code)).into_iter().collect();
        let mut townships = Vec::new();
        while let Some(area) = waiting.pop() {
            if area.code.prefix().len() == 9 {
                let path = area::path(&area.code).replace(" › ", "");
                townships.push((area.code.prefix().get(..6).unwrap_or_default().to_owned(), path));
            } else {
                waiting.extend(area::children(&area.code));
            }
        }
        let chars = |text: &str| text.chars().collect();
        World { townships, cores: chars(CORE), surnames: chars(SURNAMES), roads: chars(ROADS) }
    }

    /// The `n`th unit of a seed.
    pub fn unit(&self, seed: u64, n: usize) -> Row {
        let mut chance = Chance::new(seed ^ (n as u64).wrapping_mul(0xD134_2543_DE82_EF95));
        let chance = &mut chance;
        let (county, place) = self.townships.get(chance.below(self.townships.len())).cloned().unwrap_or_default();
        let draw = |of: &[char], chance: &mut Chance| chance.common(of).copied().unwrap_or('新');
        let core: String = (0..2 + usize::from(chance.percent(45))).map(|_| draw(&self.cores, chance)).collect();
        let trade = chance.common(TRADES).copied().unwrap_or_default();
        let form = chance.common(FORMS).copied().unwrap_or_default();
        let name_place = area_name(&county);
        let road: String = (0..2).map(|_| draw(&self.roads, chance)).collect();
        let given: String = (0..=usize::from(chance.percent(75))).map(|_| draw(&self.cores, chance)).collect();
        let first17 = format!("91{county}MA{:07}", n % 10_000_000);
        Row {
            code: Usci::with_check(&first17).map(|code| code.to_string()).unwrap_or_default(),
            name: format!("{name_place}{core}{trade}{form}"),
            address: format!("{place}{road}路{}号", 1 + chance.below(400)),
            phone: format!("13{:09}", chance.below(1_000_000_000)),
            person: format!("{}{given}", draw(&self.surnames, chance)),
            industry: ["1819", "5132", "5299", "6210", "1311", "4790", "7299", "3360"]
                .get(chance.below(8))
                .copied()
                .unwrap_or_default()
                .to_owned(),
            date: format!("{}-{:02}-{:02}", 1995 + chance.below(30), 1 + chance.below(12), 1 + chance.below(28)),
        }
    }
}

fn area_name(county: &str) -> &'static str {
    AreaCode::parse(county).ok().and_then(|code| area::name(&code)).unwrap_or_default()
}
