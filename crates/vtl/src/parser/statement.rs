//! Statements: assignments and definitions.

use super::{Parsed, Parser, Reported};
use crate::ast::{Assignment, Script, Signature, Statement};
use crate::error::Span;
use crate::lexer::Kind;
use std::collections::HashSet;

/// What `define` and `end` can be followed by.
const DEFINED: [&str; 4] = ["datapoint", "hierarchical", "operator", "viral"];

impl Parser<'_> {
    pub(super) fn script(&mut self) -> Script {
        let mut script = Script::default();
        let mut seen = HashSet::new();
        while !self.is_end() {
            let is_definition = self.is_word("define");
            match self.statement() {
                Ok(statement) => {
                    self.report_repeated(&statement, &mut seen);
                    script.statements.push(statement);
                }
                Err(Reported) if is_definition => self.skip_definition(),
                Err(Reported) => self.skip_statement(),
            }
            self.is_component = false;
        }
        script
    }

    /// Rulesets and operators are found by name, so a name is defined once.
    fn report_repeated(&mut self, statement: &Statement, seen: &mut HashSet<(&'static str, String)>) {
        let (what, name, span) = match statement {
            Statement::Assign(_) => return,
            Statement::Datapoint(ruleset) => ("规则集", &ruleset.name, ruleset.span),
            Statement::Hierarchical(ruleset) => ("规则集", &ruleset.name, ruleset.span),
            Statement::Operator(operator) => ("运算符", &operator.name, operator.span),
            Statement::Viral(propagation) => ("属性传播规则", &propagation.name, propagation.span),
        };
        if !seen.insert((what, name.clone())) {
            self.errors.push(span, format!("{what}“{name}”定义了两次,请改名或删去一个。"));
        }
    }

    fn statement(&mut self) -> Parsed<Statement> {
        let start = self.here();
        if self.accept_word("define") {
            return self.definition(start);
        }
        if self.is_sign(";") {
            return Err(self.wrong("这里应写语句,多余的分号请删去"));
        }
        let is_assignment = matches!(self.peek(1), Kind::Sign(":=" | "<-"));
        if !is_assignment && !matches!(self.peek(0), Kind::Wrong) {
            return Err(self.wrong("语句应写成“名称 := 表达式;”或“名称 <- 表达式;”,定义以 define 开头"));
        }
        let name = self.name("结果的名称")?;
        let is_persistent = self.is_sign("<-");
        self.advance();
        let expr = self.expression(0)?;
        self.end_of_statement()?;
        Ok(Statement::Assign(Assignment { name, is_persistent, expr, span: start.to(self.before()) }))
    }

    fn end_of_statement(&mut self) -> Parsed<()> {
        self.expect_sign(";", "语句到这里应当结束,请写分号")
    }

    fn definition(&mut self, start: Span) -> Parsed<Statement> {
        if self.accept_word("datapoint") {
            return self.datapoint_ruleset(start).map(Statement::Datapoint);
        }
        if self.accept_word("hierarchical") {
            return self.hierarchical_ruleset(start).map(Statement::Hierarchical);
        }
        if self.accept_word("operator") {
            return self.user_operator(start).map(Statement::Operator);
        }
        if self.accept_word("viral") {
            return self.viral_propagation(start).map(Statement::Viral);
        }
        let what = "define 后应写 datapoint ruleset(逐行规则集)、hierarchical ruleset(汇总关系规则集)、\
                    operator(运算符)或 viral propagation(属性传播规则);值域和变量不在脚本里定义";
        Err(self.wrong(what))
    }

    /// `variable` or `valuedomain`.
    pub(super) fn signature(&mut self) -> Parsed<Signature> {
        if self.accept_word("valuedomain") {
            return Ok(Signature::ValueDomain);
        }
        if self.accept_word("variable") {
            return Ok(Signature::Variable);
        }
        Err(self.wrong("括号里应先写 variable(变量)或 valuedomain(值域)"))
    }

    /// `end … ;` behind a definition.
    pub(super) fn end_of_definition(&mut self, words: &[&str]) -> Parsed<()> {
        self.expect_word("end")?;
        for word in words {
            self.expect_word(word)?;
        }
        self.expect_sign(";", &format!("end {} 后应写分号", words.join(" ")))
    }

    /// After a mistake in an assignment: behind the next `;`, but not over a `define`.
    fn skip_statement(&mut self) {
        while !self.is_end() && !self.is_word("define") {
            let done = self.is_sign(";");
            self.advance();
            if done {
                return;
            }
        }
    }

    /// After a mistake outside the rules: behind the end of the definition, or on to the next statement.
    fn skip_definition(&mut self) {
        let ends = |parser: &Self| {
            parser.is_word("end") && matches!(parser.peek(1), Kind::Word(word) if DEFINED.contains(&word.as_str()))
        };
        let assigns = |parser: &Self| {
            matches!(
                (parser.peek(0), parser.peek(1), parser.peek(2)),
                (Kind::Sign(";"), Kind::Name(_), Kind::Sign(":=" | "<-"))
            )
        };
        while !self.is_end() && !self.is_word("define") && !ends(self) {
            let is_over = assigns(self);
            self.advance();
            if is_over {
                return;
            }
        }
        if self.is_word("end") {
            self.skip_statement();
        }
    }
}
