//! Calls: scalar functions, user-defined operators, sets, time, `cast`, `eval`, `exists_in`.

use super::{Parsed, Parser, Reported};
use crate::ast::{DatasetOp, Expr, ExprKind, Function, Retain, SetOp, TimeOp};
use crate::error::Span;
use crate::lexer::Kind;
use crate::scalar::Scalar;

impl Parser<'_> {
    /// A scalar function, at its name.
    pub(super) fn call(&mut self, function: Function, from: Span) -> Parsed<Expr> {
        self.advance();
        self.advance();
        self.call_arguments(function, from)
    }

    /// `string_distance(method, s, t)`
    pub(super) fn string_distance(&mut self, from: Span) -> Parsed<Expr> {
        self.advance();
        self.advance();
        let Some(method) = self.choice(|word| Function::named(word).filter(|function| function.is_distance())) else {
            let what = "string_distance 的第 1 个参数应写 levenshtein、damerau_levenshtein、hamming 或 jaro_winkler";
            return Err(self.wrong(what));
        };
        self.expect_sign(",", "方法后应写逗号和两个字符串")?;
        self.call_arguments(method, from)
    }

    fn call_arguments(&mut self, function: Function, from: Span) -> Parsed<Expr> {
        let mut arguments = Vec::new();
        loop {
            if self.is_sign("_") && function.may_omit(arguments.len()) {
                arguments.push(self.leaf(ExprKind::Omitted)?);
            } else {
                arguments.push(self.expression(0)?);
            }
            if !self.accept_sign(",") {
                break;
            }
        }
        let name = function.name();
        self.expect_sign(")", &format!("{name} 的参数之间用逗号分隔,最后写右括号 )"))?;
        let span = from.to(self.before());
        let (least, most) = function.arity();
        if arguments.len() < least || arguments.len() > most {
            let wanted = if least == most { format!("{least}") } else { format!("{least} 至 {most}") };
            self.errors.push(span, format!("{name} 要有 {wanted} 个参数,这里有 {} 个。", arguments.len()));
            return Err(Reported);
        }
        self.node(ExprKind::Call(function, arguments), span)
    }

    /// A user-defined operator; `year` and `month` are what 2.1 called `getyear` and `getmonth`.
    pub(super) fn user_call(&mut self, name: String, from: Span) -> Parsed<Expr> {
        let renamed = match self.text() {
            "year" => Some(Function::Year),
            "month" => Some(Function::Month),
            _ => None,
        };
        if let Some(function) = renamed {
            return self.call(function, from);
        }
        self.advance();
        self.advance();
        let mut arguments = Vec::new();
        if !self.is_sign(")") {
            arguments =
                self.list(
                    |parser| {
                        if parser.is_sign("_") { parser.leaf(ExprKind::Omitted) } else { parser.expression(0) }
                    },
                )?;
        }
        self.expect_sign(")", &format!("{name} 的参数之间用逗号分隔,最后写右括号 )"))?;
        self.dataset_node(DatasetOp::UserCall(name, arguments), from)
    }

    pub(super) fn set_operation(&mut self, op: SetOp, from: Span) -> Parsed<Expr> {
        self.advance();
        self.advance();
        let operands = self.list(|parser| parser.expression(0))?;
        self.expect_sign(")", &format!("{} 的数据集之间用逗号分隔,最后写右括号 )", op.name()))?;
        let is_pair = matches!(op, SetOp::SetDiff | SetOp::SymDiff);
        if operands.len() < 2 || (is_pair && operands.len() > 2) {
            let wanted = if is_pair { "2 个" } else { "2 个或更多的" };
            let message = format!("{} 要有 {wanted}数据集,这里有 {} 个。", op.name(), operands.len());
            self.errors.push(from.to(self.before()), message);
            return Err(Reported);
        }
        self.dataset_node(DatasetOp::Set(op, operands), from)
    }

    /// The operators over time; `None` if the word is none of them.
    pub(super) fn time_operation(&mut self, word: &str, from: Span) -> Parsed<Option<Expr>> {
        if word == "time_agg" {
            let conversion = self.conversion()?;
            return self.dataset_node(DatasetOp::Time(TimeOp::Agg(conversion)), from).map(Some);
        }
        let is_known =
            matches!(word, "fill_time_series" | "flow_to_stock" | "stock_to_flow" | "timeshift" | "period_indicator");
        if !is_known && word != "current_date" {
            return Ok(None);
        }
        self.advance();
        self.advance();
        let op = match word {
            "current_date" => TimeOp::CurrentDate,
            "period_indicator" if self.is_sign(")") => TimeOp::PeriodIndicator(None),
            _ => self.over_time(word)?,
        };
        self.expect_sign(")", &format!("{word} 到这里应写右括号 )"))?;
        self.dataset_node(DatasetOp::Time(op), from).map(Some)
    }

    fn over_time(&mut self, word: &str) -> Parsed<TimeOp> {
        let operand = self.expression(0)?;
        Ok(match word {
            "fill_time_series" => {
                let mut fills_all = true;
                if self.accept_sign(",") {
                    fills_all = self.accept_word("all");
                    if !fills_all {
                        let is_single = self.accept_word("single");
                        if !is_single {
                            return Err(self.wrong("fill_time_series 的第 2 个参数应写 all 或 single"));
                        }
                    }
                }
                TimeOp::Fill(operand, fills_all)
            }
            "flow_to_stock" => TimeOp::FlowToStock(operand),
            "stock_to_flow" => TimeOp::StockToFlow(operand),
            "timeshift" => {
                self.expect_sign(",", "timeshift 的数据集后应写逗号和期数")?;
                TimeOp::Shift(operand, self.given_integer()?)
            }
            _ => TimeOp::PeriodIndicator(Some(operand)),
        })
    }

    /// `cast(x, type, "mask")`
    pub(super) fn cast(&mut self, from: Span) -> Parsed<Expr> {
        self.advance();
        self.advance();
        let operand = self.expression(0)?;
        self.expect_sign(",", "cast 的第 1 个参数后应写逗号和类型")?;
        let name = self.type_name()?;
        let mask = if self.accept_sign(",") {
            Some(self.string("cast 的第 3 个参数应写格式,如 \"YYYY-MM-DD\"")?)
        } else {
            None
        };
        self.expect_sign(")", "cast 到这里应写右括号 )")?;
        self.dataset_node(DatasetOp::Cast(operand, name, mask), from)
    }

    fn string(&mut self, what: &str) -> Parsed<String> {
        let Kind::Constant(Scalar::Text(text)) = self.peek(0).clone() else { return Err(self.wrong(what)) };
        self.advance();
        Ok(text)
    }

    /// `exists_in(a, b, all)`
    pub(super) fn exists_in(&mut self, from: Span) -> Parsed<Expr> {
        self.advance();
        self.advance();
        let left = self.expression(0)?;
        self.expect_sign(",", "exists_in 的两个数据集之间用逗号分隔")?;
        let right = self.expression(0)?;
        let mut retain = None;
        if self.accept_sign(",") {
            retain = self.choice(Retain::named);
            if retain.is_none() {
                return Err(self.wrong("exists_in 的第 3 个参数应写 all、true 或 false"));
            }
        }
        self.expect_sign(")", "exists_in 到这里应写右括号 )")?;
        self.dataset_node(DatasetOp::ExistsIn(left, right, retain), from)
    }

    /// `eval(routine(a, 1) language "SQL" returns dataset {…})`
    pub(super) fn eval(&mut self, from: Span) -> Parsed<Expr> {
        self.advance();
        self.advance();
        let start = self.at;
        self.name("外部程序的名称")?;
        self.expect_sign("(", "外部程序的名称后应写左括号 (")?;
        if !self.is_sign(")") {
            self.list(Self::routine_argument)?;
        }
        self.expect_sign(")", "参数之间用逗号分隔,最后写右括号 )")?;
        if self.accept_word("language") {
            self.string("language 后应写语言的名称,如 \"SQL\"")?;
        }
        if self.accept_word("returns") {
            self.routine_result()?;
        }
        let written = self.written(start);
        self.expect_sign(")", "eval 到这里应写右括号 )")?;
        self.dataset_node(DatasetOp::Eval(written), from)
    }

    fn routine_argument(&mut self) -> Parsed<()> {
        if matches!(self.peek(0), Kind::Name(_)) {
            return self.component().map(|_| ());
        }
        self.scalar_item().map(|_| ())
    }

    fn routine_result(&mut self) -> Parsed<()> {
        if self.accept_word("dataset") {
            return self.dataset_constraint().map(|_| ());
        }
        self.scalar_kind().map(|_| ())
    }
}
