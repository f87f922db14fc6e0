//! Structures as JSON files, in either of two layouts.

use serde_json::{Value, json};
use youju_vtl::dataset::{Component, Structure};
use youju_vtl::{Role, Type};

use super::error::RunError;

/// The names of the types in files; the first one is written.
const TYPES: [(Type, &[&str]); 8] = [
    (Type::Integer, &["Integer", "Int"]),
    (Type::Number, &["Number", "Decimal"]),
    (Type::Boolean, &["Boolean", "Bool"]),
    (Type::String, &["String"]),
    (Type::Date, &["Date"]),
    (Type::TimePeriod, &["Time_Period", "TimePeriod"]),
    (Type::Time, &["Time", "TimeInterval"]),
    (Type::Duration, &["Duration"]),
];
const ROLES: [(Role, &[&str]); 4] = [
    (Role::Identifier, &["Identifier"]),
    (Role::Measure, &["Measure"]),
    (Role::Attribute, &["Attribute"]),
    (Role::ViralAttribute, &["Viral Attribute", "ViralAttribute", "Viral_Attribute"]),
];

/// All datasets that a file describes. `own` is the name of the file, for a description without a name.
pub(super) fn structures(text: &str, file: &str, own: &str) -> Result<Vec<(String, Structure)>, RunError> {
    let wrong = |message: &str| RunError::runtime(format!("{file}:{message}"));
    let text = text.trim_start_matches('\u{feff}');
    let value: Value = serde_json::from_str(text)
        .map_err(|error| wrong(&format!("第 {} 行第 {} 列不是有效的 JSON。", error.line(), error.column())))?;
    if let Some(datasets) = value.get("datasets").and_then(Value::as_array) {
        return datasets
            .iter()
            .map(|dataset| {
                let name =
                    dataset.get("name").and_then(Value::as_str).ok_or_else(|| wrong("有一个数据集没有 name。"))?;
                let list = dataset.get("DataStructure").and_then(Value::as_array);
                let list = list.ok_or_else(|| wrong(&format!("数据集“{name}”没有 DataStructure。")))?;
                Ok((name.to_owned(), structure(list, "type", &wrong)?))
            })
            .collect();
    }
    let name = value.get("name").and_then(Value::as_str).unwrap_or(own);
    let list = value.get("components").and_then(Value::as_array);
    let list = list.ok_or_else(|| wrong("没有 components(成分清单),也没有 datasets。"))?;
    Ok(vec![(name.to_owned(), structure(list, "data_type", &wrong)?)])
}

fn structure(list: &[Value], type_key: &str, wrong: &dyn Fn(&str) -> RunError) -> Result<Structure, RunError> {
    let mut components: Vec<Component> = Vec::new();
    for item in list {
        let text = |key: &str| item.get(key).and_then(Value::as_str);
        let name = text("name").ok_or_else(|| wrong("有一个成分没有 name。"))?;
        let kind = text(type_key).or_else(|| text("type")).or_else(|| text("data_type")).unwrap_or_default();
        let Some(kind) = type_named(kind) else {
            return Err(wrong(&format!("成分“{name}”的类型“{kind}”不能使用,可用的有 {}。", known_types())));
        };
        let role = text("role").unwrap_or_default();
        let Some((role, _)) = ROLES.iter().find(|(_, names)| names.contains(&role)) else {
            let message = format!("成分“{name}”的角色“{role}”应为 Identifier、Measure、Attribute 或 Viral Attribute。");
            return Err(wrong(&message));
        };
        if components.iter().any(|known| known.name == name) {
            return Err(wrong(&format!("成分“{name}”写了两次。")));
        }
        let mut component = Component::new(name, kind, *role);
        if let Some(is_nullable) = item.get("nullable").and_then(Value::as_bool) {
            component.is_nullable = is_nullable && *role != Role::Identifier;
        }
        components.push(component);
    }
    Ok(Structure { components })
}

fn known_types() -> String {
    TYPES.iter().filter_map(|(_, names)| names.first().copied()).collect::<Vec<_>>().join("、")
}

/// The name of a type in files.
pub(super) fn type_name(kind: Type) -> &'static str {
    TYPES.iter().find(|(known, _)| *known == kind).and_then(|(_, names)| names.first().copied()).unwrap_or("String")
}

/// The type of this name in files.
pub(super) fn type_named(word: &str) -> Option<Type> {
    TYPES.iter().find(|(_, names)| names.contains(&word)).map(|(kind, _)| *kind)
}

/// A structure as text.
pub(super) fn text(name: &str, structure: &Structure) -> String {
    let components: Vec<Value> = structure
        .components
        .iter()
        .map(|component| {
            let role = ROLES.iter().find(|(role, _)| *role == component.role).and_then(|(_, names)| names.first());
            json!({
                "name": component.name,
                "role": role,
                "data_type": type_name(component.kind),
                "nullable": component.is_nullable,
            })
        })
        .collect();
    let value = json!({ "name": name, "components": components });
    serde_json::to_string_pretty(&value).unwrap_or_default() + "\n"
}
