//! What is looked for in the files of each kind: key, kind of value, Chinese names. To teach the program another name of a
//! column, add it to the list of its field; blanks, brackets, full and half width make no difference. Names seen in exports
//! of 用友, 金蝶, banks, cash registers and in templates of statistical ledgers.

use super::kind::{Field, ValueKind};

const fn must(key: &'static str, kind: ValueKind, aliases: &'static [&'static str]) -> Field {
    Field { key, aliases, kind, is_required: true }
}

const fn may(key: &'static str, kind: ValueKind, aliases: &'static [&'static str]) -> Field {
    Field { key, aliases, kind, is_required: false }
}

const ACCOUNT: &[&str] =
    &["科目编码", "科目代码", "科目编号", "科目号", "会计科目编码", "会计科目代码", "account_code"];
const ACCOUNT_NAME: &[&str] = &["科目名称", "会计科目", "会计科目名称", "科目全名", "科目", "account_name"];
const DEBIT: &[&str] =
    &["借方", "借方金额", "借方发生额", "借方本币", "本币借方", "借方本位币", "借方金额本币", "借", "金额借方"];
const CREDIT: &[&str] =
    &["贷方", "贷方金额", "贷方发生额", "贷方本币", "本币贷方", "贷方本位币", "贷方金额本币", "贷", "金额贷方"];
const DIRECTION: &[&str] = &[
    "方向",
    "借贷方向",
    "借贷",
    "借或贷",
    "余额方向",
    "收支方向",
    "收支",
    "借贷标志",
    "收支标志",
    "收付方向",
    "收付标志",
];
const UNIT_OF_MEASURE: &[&str] = &["计量单位", "单位", "规格单位"];
const QUANTITY: &[&str] = &["数量", "销售数量", "实发数量", "开票数量"];
const PRICE: &[&str] = &["单价", "不含税单价", "销售单价", "含税单价", "平均单价"];
const PRODUCT: &[&str] = &[
    "产品名称",
    "商品名称",
    "存货名称",
    "货物名称",
    "物料名称",
    "品名",
    "货物或应税劳务名称",
    "材料名称",
    "项目名称",
    "产品",
    "商品",
    "名称",
];
const PRODUCT_CODE: &[&str] = &[
    "产品编码",
    "商品编码",
    "存货编码",
    "物料编码",
    "货号",
    "产品代码",
    "商品代码",
    "物料代码",
    "材料编码",
    "商品条码",
];
const SPECIFICATION: &[&str] = &["规格型号", "规格", "型号"];

pub(super) const VOUCHER_JOURNAL: &[Field] = &[
    must("date", ValueKind::Date, &["日期", "凭证日期", "制单日期", "记账日期", "会计日期", "凭证制单日期"]),
    must(
        "number",
        ValueKind::Text,
        &["凭证号", "凭证字号", "凭证号数", "凭证编号", "凭证号码", "记账凭证号", "凭证字号数", "字号"],
    ),
    must("account", ValueKind::Account, ACCOUNT),
    may("account_name", ValueKind::Text, ACCOUNT_NAME),
    may("debit", ValueKind::Amount, DEBIT),
    may("credit", ValueKind::Amount, CREDIT),
    may("direction", ValueKind::Direction, DIRECTION),
    may("amount", ValueKind::Amount, &["金额", "本币金额", "发生额", "本位币金额", "凭证金额"]),
    may("word", ValueKind::Text, &["凭证字", "凭证类别", "凭证类型", "类别字", "凭证类别字"]),
    may("period", ValueKind::Text, &["会计期间", "期间", "记账期间", "会计月份", "会计月"]),
    may("summary", ValueKind::Text, &["摘要", "凭证摘要", "分录摘要"]),
    may("line", ValueKind::Text, &["分录号", "行号", "分录序号", "分录行号"]),
    may("currency", ValueKind::Text, &["币别", "币种"]),
    may("rate", ValueKind::Number, &["汇率"]),
    may("original_amount", ValueKind::Number, &["原币金额", "原币", "原币发生额"]),
    may("quantity", ValueKind::Number, QUANTITY),
    may("price", ValueKind::Number, PRICE),
    may("business_date", ValueKind::Date, &["业务日期"]),
    may("auxiliary", ValueKind::Text, &["辅助核算", "核算项目", "往来单位", "辅助项", "客户往来", "供应商往来"]),
    may("department", ValueKind::Text, &["部门", "部门名称"]),
    may("attachments", ValueKind::Number, &["附件数", "附单据数", "附单据张数", "附件张数"]),
];

pub(super) const SALES_LIST: &[Field] = &[
    must("date", ValueKind::Date, &["销售日期", "开票日期", "日期", "单据日期", "出库日期", "交易日期", "发货日期"]),
    must("product", ValueKind::Text, PRODUCT),
    may(
        "number",
        ValueKind::Text,
        &["单据号", "单据编号", "发票号码", "发票号", "销售单号", "订单号", "出库单号", "单号"],
    ),
    may("customer", ValueKind::Text, &["客户名称", "客户", "购货单位", "购买方名称", "购方名称", "购方企业名称"]),
    may("product_code", ValueKind::Text, PRODUCT_CODE),
    may("category", ValueKind::Text, &["商品类别", "商品分类", "类别", "品类", "分类", "存货分类"]),
    may("specification", ValueKind::Text, SPECIFICATION),
    may("unit_of_measure", ValueKind::Text, UNIT_OF_MEASURE),
    may("quantity", ValueKind::Quantity, QUANTITY),
    may("price", ValueKind::Number, PRICE),
    may("amount", ValueKind::Amount, &["不含税金额", "销售金额", "金额", "销售额", "无税金额", "货款", "主营业务收入"]),
    may("tax_rate", ValueKind::Text, &["税率", "征收率"]),
    may("tax", ValueKind::Amount, &["税额", "销项税额", "增值税额"]),
    may("gross_amount", ValueKind::Amount, &["价税合计", "含税金额", "价税合计金额", "合计金额", "含税销售额"]),
    may("channel", ValueKind::Text, &["销售渠道", "渠道", "销售方式", "平台", "是否网上销售"]),
];

pub(super) const STOCK_LIST: &[Field] = &[
    must("product", ValueKind::Text, PRODUCT),
    may("date", ValueKind::Date, &["日期", "单据日期", "入库日期", "出库日期", "业务日期"]),
    may("number", ValueKind::Text, &["单据号", "单据编号", "入库单号", "出库单号", "单号"]),
    may("warehouse", ValueKind::Text, &["仓库", "仓库名称", "库房"]),
    may("product_code", ValueKind::Text, PRODUCT_CODE),
    may("category", ValueKind::Text, &["存货分类", "商品类别", "类别", "分类", "物料类别"]),
    may("specification", ValueKind::Text, SPECIFICATION),
    may("unit_of_measure", ValueKind::Text, UNIT_OF_MEASURE),
    may(
        "opening",
        ValueKind::Quantity,
        &[
            "期初数量",
            "期初结存数量",
            "期初库存",
            "期初",
            "期初库存数量",
            "上期结存数量",
            "月初数量",
            "上期结存",
            "期初结存",
        ],
    ),
    may(
        "incoming",
        ValueKind::Quantity,
        &[
            "入库数量",
            "本期入库数量",
            "本期收入数量",
            "收入数量",
            "入库",
            "收入",
            "本期入库",
            "本月入库数量",
            "本期增加数量",
        ],
    ),
    may(
        "outgoing",
        ValueKind::Quantity,
        &[
            "出库数量",
            "本期出库数量",
            "本期发出数量",
            "发出数量",
            "出库",
            "发出",
            "本期出库",
            "本月出库数量",
            "本期减少数量",
        ],
    ),
    may(
        "closing",
        ValueKind::Quantity,
        &[
            "期末数量",
            "期末结存数量",
            "结存数量",
            "期末库存",
            "库存数量",
            "期末",
            "期末库存数量",
            "结存",
            "月末数量",
            "期末结存",
        ],
    ),
    may("opening_amount", ValueKind::Amount, &["期初金额", "期初结存金额", "期初库存金额", "上期结存金额", "月初金额"]),
    may(
        "incoming_amount",
        ValueKind::Amount,
        &["入库金额", "本期入库金额", "本期收入金额", "收入金额", "本期增加金额", "本月入库金额"],
    ),
    may(
        "outgoing_amount",
        ValueKind::Amount,
        &["出库金额", "本期出库金额", "本期发出金额", "发出金额", "本期减少金额", "本月出库金额"],
    ),
    may(
        "closing_amount",
        ValueKind::Amount,
        &["期末金额", "期末结存金额", "结存金额", "期末库存金额", "库存金额", "月末金额"],
    ),
];

pub(super) const PAYROLL: &[Field] = &[
    may("name", ValueKind::Text, &["姓名", "员工姓名", "职工姓名", "人员姓名", "人员名称"]),
    may(
        "person_id",
        ValueKind::Text,
        &["身份证号", "身份证号码", "证件号码", "证件号", "公民身份号码", "身份证件号码"],
    ),
    may("department", ValueKind::Text, &["部门", "部门名称", "所在部门", "车间", "班组"]),
    may("category", ValueKind::Text, &["人员类别", "人员类型", "用工形式", "用工类型", "岗位类别", "职业类别"]),
    may("position", ValueKind::Text, &["岗位", "职务", "职位", "工种"]),
    may("hired_on", ValueKind::Date, &["入职日期", "入职时间", "参加工作时间"]),
    may("left_on", ValueKind::Date, &["离职日期", "离职时间"]),
    may("basic_pay", ValueKind::Amount, &["基本工资", "岗位基本工资", "固定工资", "底薪"]),
    may("performance_pay", ValueKind::Amount, &["绩效工资", "绩效奖金", "奖金", "绩效", "效益工资"]),
    may("overtime_pay", ValueKind::Amount, &["加班工资", "加班补贴", "加班费"]),
    may("allowance", ValueKind::Amount, &["津贴补贴", "津贴", "补贴", "津补贴", "福利"]),
    may(
        "gross_pay",
        ValueKind::Amount,
        &[
            "应发工资",
            "应发合计",
            "应付工资",
            "应发工资合计",
            "工资总额",
            "应付合计",
            "应发工资小计",
            "应付工资小计",
            "应付工资合计",
            "应发总额",
            "应发金额",
            "税前工资",
        ],
    ),
    may("pension_personal", ValueKind::Amount, &["养老保险个人", "个人养老保险", "养老保险"]),
    may("medical_personal", ValueKind::Amount, &["医疗保险个人", "个人医疗保险", "医疗保险"]),
    may("unemployment_personal", ValueKind::Amount, &["失业保险个人", "个人失业保险", "失业保险"]),
    may("housing_personal", ValueKind::Amount, &["住房公积金个人", "个人公积金", "住房公积金", "公积金"]),
    may("income_tax", ValueKind::Amount, &["个人所得税", "个税", "代扣个税", "代扣个人所得税", "所得税", "代扣税"]),
    may(
        "deductions",
        ValueKind::Amount,
        &["扣款合计", "代扣合计", "应扣合计", "扣款小计", "代扣款项小计", "代扣小计", "扣除合计", "扣发合计"],
    ),
    may("net_pay", ValueKind::Amount, &["实发工资", "实发金额", "实发合计", "实发", "实发数", "税后工资", "实付工资"]),
];

pub(super) const BANK_STATEMENT: &[Field] = &[
    must(
        "date",
        ValueKind::Date,
        &[
            "交易日期",
            "交易时间",
            "日期",
            "记账日期",
            "入账日期",
            "入账时间",
            "到账日期",
            "到账时间",
            "交易日",
            "凭证日期",
        ],
    ),
    may("account", ValueKind::Text, &["账户", "账号", "账户名称", "本方账号", "银行账户"]),
    may(
        "number",
        ValueKind::Text,
        &["交易流水号", "流水号", "凭证号", "凭证号码", "业务流水号", "交易序号", "凭证字号"],
    ),
    may("summary", ValueKind::Text, &["摘要", "用途", "交易摘要", "附言", "交易用途"]),
    may(
        "debit",
        ValueKind::Amount,
        &["借方", "借方金额", "借方发生额", "支出", "支出金额", "支取金额", "转出金额", "借方发生额支取", "借"],
    ),
    may(
        "credit",
        ValueKind::Amount,
        &["贷方", "贷方金额", "贷方发生额", "收入", "收入金额", "存入金额", "转入金额", "贷方发生额收入", "贷"],
    ),
    may("direction", ValueKind::Direction, DIRECTION),
    may("amount", ValueKind::Amount, &["交易金额", "金额", "发生额"]),
    may("balance", ValueKind::Number, &["余额", "账户余额", "本次余额", "交易后余额", "结余", "期末余额"]),
    may(
        "counterparty",
        ValueKind::Text,
        &[
            "对方户名",
            "对方名称",
            "对方单位",
            "对方账户名称",
            "对方单位名称",
            "交易对手",
            "交易对手名称",
            "对手户名",
            "收付款人名称",
            "对方开户名",
        ],
    ),
    may("currency", ValueKind::Text, &["币种", "币别"]),
    may("remark", ValueKind::Text, &["备注"]),
];

pub(super) const CHART_OF_ACCOUNTS: &[Field] = &[
    must(
        "account",
        ValueKind::Account,
        &["科目编码", "科目代码", "科目编号", "科目号", "会计科目编码", "会计科目代码", "编码", "代码", "account_code"],
    ),
    must(
        "account_name",
        ValueKind::Text,
        &["科目名称", "会计科目", "会计科目名称", "科目全名", "科目", "名称", "account_name"],
    ),
    may("level", ValueKind::Number, &["级次", "科目级次", "级别", "科目级别"]),
    may("type", ValueKind::Text, &["科目类型", "科目类别", "科目性质", "类型", "类别"]),
    may("direction", ValueKind::Direction, DIRECTION),
    may("auxiliary", ValueKind::Text, &["辅助核算", "核算项目", "辅助项"]),
];

pub(super) const ENERGY_SLIPS: &[Field] = &[
    must("product", ValueKind::Text, &["能源名称", "能源品种", "品种", "能源种类", "品名", "燃料名称", "能源"]),
    may("date", ValueKind::Date, &["日期", "单据日期", "抄表日期", "结算日期", "开票日期"]),
    may("number", ValueKind::Text, &["单据号", "发票号码", "票据号", "单号", "单据编号"]),
    may("supplier", ValueKind::Text, &["供应单位", "供应商", "供货单位", "销售方名称"]),
    may("unit_of_measure", ValueKind::Text, UNIT_OF_MEASURE),
    may("opening", ValueKind::Quantity, &["期初库存", "期初库存量", "年初库存", "年初库存量", "月初库存"]),
    may("purchased", ValueKind::Quantity, &["购进量", "购进数量", "购入量", "购进", "购进量合计", "结算电量", "用量"]),
    may("purchased_other_province", ValueKind::Quantity, &["省外购进", "省外购进量", "其中省外购进"]),
    may("price", ValueKind::Number, &["单价", "不含税单价", "平均单价"]),
    may("purchased_amount", ValueKind::Amount, &["购进金额", "金额", "电费", "结算金额", "费用", "总金额"]),
    may(
        "consumed",
        ValueKind::Quantity,
        &["消费量总计", "消费量", "消费量合计", "消耗量", "消费", "领用量", "消费合计"],
    ),
    may(
        "consumed_production",
        ValueKind::Quantity,
        &["生产用", "工业生产消费", "生产消费", "生产用量", "其中生产用", "消费量生产用"],
    ),
    may(
        "consumed_other",
        ValueKind::Quantity,
        &["非生产用", "非工业生产消费", "非生产消费", "非生产用量", "消费量非生产用"],
    ),
    may("closing", ValueKind::Quantity, &["期末库存", "期末库存量", "月末库存"]),
    may("coefficient", ValueKind::Number, &["折标系数", "折标准煤系数", "折标煤系数"]),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::kind::RecordKind;
    use crate::header::{Brackets, fold};

    #[test]
    fn no_name_means_two_fields_of_a_kind_and_every_way_names_fields() {
        for kind in RecordKind::ALL {
            let mut seen = BTreeMap::new();
            for field in kind.fields() {
                for alias in field.aliases {
                    let other = seen.insert(fold(alias, Brackets::Open), field.key);
                    assert_eq!(other, None, "{kind:?}: {alias} means {} and {other:?}", field.key);
                }
            }
            for key in kind.ways().iter().copied().flatten().chain(kind.carried()) {
                assert!(kind.field(key).is_some(), "{kind:?}: {key}");
            }
        }
    }
}
