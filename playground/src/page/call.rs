//! The form that calls a function: made from its signature, filled with what was there before or what suits the type.
//! In: `Callable`, the program's text. Out: arguments.

use super::store;
use js_sys::{Array, Reflect};
use kukri_playground::protocol::{Argument, Callable, Param, Value};
use wasm_bindgen::prelude::JsValue;

/// An array from a file.
#[derive(Clone, PartialEq)]
pub struct Upload {
    pub name: String,
    pub array: JsValue,
}

impl Upload {
    fn text(&self, key: &str) -> String {
        Reflect::get(&self.array, &key.into()).ok().and_then(|value| value.as_string()).unwrap_or_default()
    }

    pub fn ty(&self) -> String {
        self.text("type")
    }

    pub fn shape(&self) -> String {
        let shape = Reflect::get(&self.array, &"shape".into()).unwrap_or(JsValue::NULL);
        let lengths: Vec<_> = Array::from(&shape).iter().filter_map(|length| length.as_f64()).collect();
        lengths.iter().map(f64::to_string).collect::<Vec<_>>().join(" × ")
    }
}

/// What is filled in for one parameter.
#[derive(Clone, Default, PartialEq)]
pub struct Field {
    pub text: String,
    pub upload: Option<Upload>,
}

/// The form of a function.
#[derive(Clone, Default, PartialEq)]
pub struct Form {
    pub function: String,
    pub fields: Vec<Field>,
    /// Whether somebody filled something in.
    pub touched: bool,
    /// What it was made from: parameters, and what the program tries.
    from: (Vec<Param>, Option<Vec<String>>),
}

impl Form {
    /// The form of a function as it was left, or as the program's `# try:` has it, or with what suits.
    pub fn new(callable: &Callable, text: &str) -> Self {
        let kept: Option<Vec<String>> = store::get(&key(callable)).and_then(|text| serde_json::from_str(&text).ok());
        let tried = tried_of(callable, text);
        let fields = callable.params.iter().enumerate().map(|(at, param)| {
            let kept = kept.as_ref().and_then(|kept| kept.get(at)).cloned();
            let tried = tried.as_ref().and_then(|arguments| of_param(arguments, at, &param.name));
            let text = kept.or(tried).or_else(|| param.default.clone()).unwrap_or_else(|| suiting(param));
            Field { text, upload: None }
        });
        let fields = fields.collect();
        Self { function: callable.name.clone(), fields, touched: false, from: (callable.params.clone(), tried) }
    }

    /// Whether it is the form of this function still. What somebody filled in outlives changes of the signature.
    pub fn fits(&self, callable: &Callable, text: &str) -> bool {
        let (params, tried) = &self.from;
        self.function == callable.name
            && self.fields.len() == callable.params.len()
            && (self.touched || (*params == callable.params && *tried == tried_of(callable, text)))
    }

    pub fn keep(&mut self, callable: &Callable) {
        self.touched = true;
        let texts: Vec<_> = self.fields.iter().map(|field| &field.text).collect();
        store::set(&key(callable), &serde_json::to_string(&texts).unwrap_or_default());
    }

    /// What is passed, and the arrays among it. What is left empty is left out, if it has a default.
    pub fn arguments(&self, callable: &Callable) -> (Vec<Argument>, Array, Vec<usize>) {
        let (mut arguments, arrays, mut fields) = (Vec::new(), Array::new(), Vec::new());
        let mut by_name = false;
        for (at, (field, param)) in self.fields.iter().zip(&callable.params).enumerate() {
            let starred = param.name.starts_with('*');
            if field.upload.is_none() && field.text.trim().is_empty() && (param.default.is_some() || starred) {
                // Those that follow are passed by name.
                by_name |= !starred;
                continue;
            }
            let value = match &field.upload {
                Some(upload) => {
                    arrays.push(&upload.array);
                    Value::Array(upload.ty())
                }
                None => Value::Expression(field.text.clone()),
            };
            arguments.push(Argument { name: (by_name || param.by_name).then(|| param.name.clone()), value });
            fields.push(at);
        }
        (arguments, arrays, fields)
    }
}

fn key(callable: &Callable) -> String {
    let names: Vec<_> = callable.params.iter().map(|param| param.name.as_str()).collect();
    format!("call.{}({})", callable.name, names.join(","))
}

/// Calls that the program proposes: `# try: f(1, 2)`.
pub fn tried(text: &str) -> Vec<(String, Vec<String>)> {
    let calls = text.lines().filter_map(|line| line.trim().strip_prefix("# try:"));
    calls
        .filter_map(|call| {
            let (name, rest) = call.trim().split_once('(')?;
            Some((name.trim().to_owned(), split(rest.trim_end().strip_suffix(')')?)))
        })
        .collect()
}

/// The arguments that the program proposes for a function.
fn tried_of(callable: &Callable, text: &str) -> Option<Vec<String>> {
    tried(text).into_iter().find(|(name, _)| *name == callable.name).map(|(_, arguments)| arguments)
}

/// Arguments between commas that stand in no brackets or quotes.
fn split(text: &str) -> Vec<String> {
    let (mut parts, mut depth, mut quote) = (vec![String::new()], 0, None);
    for c in text.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            (None, ',') if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts.iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// The argument for a parameter: by name, or at its place.
fn of_param(arguments: &[String], at: usize, name: &str) -> Option<String> {
    let named = |argument: &String| {
        let (left, right) = argument.split_once('=')?;
        (left.trim() == name && !right.starts_with('=')).then(|| right.trim().to_owned())
    };
    let is_named = |argument: &&String| {
        argument.split_once('=').is_some_and(|(left, right)| {
            !right.starts_with('=') && left.trim().chars().all(|c| c.is_alphanumeric() || c == '_')
        })
    };
    arguments.iter().find_map(named).or_else(|| arguments.get(at).filter(|argument| !is_named(argument)).cloned())
}

/// Something of the type, to begin with.
fn suiting(param: &Param) -> String {
    let Some(ty) = &param.ty else { return String::new() };
    let ty = ty.trim().trim_end_matches("| None").trim();
    let dims = ty.find('[').map_or(0, |at| ty[at..].matches(':').count().max(1));
    match ty {
        "int" | "np.int64" | "int64" => "10".to_owned(),
        "float" | "np.float64" | "float64" | "np.float32" => "1.0".to_owned(),
        "complex" => "1 + 2j".to_owned(),
        "bool" => "True".to_owned(),
        "str" => "\"text\"".to_owned(),
        "list[int]" => "[3, 1, 2]".to_owned(),
        "list[float]" => "[0.5, 1.5, 2.5]".to_owned(),
        "list[str]" => "[\"one\", \"two\"]".to_owned(),
        _ if ty.starts_with("float64[") || ty.starts_with("np.ndarray") => match dims {
            0 | 1 => "np.linspace(0, 1, 100)".to_owned(),
            2 => "np.ones((64, 64))".to_owned(),
            _ => "np.ones((8, 8, 8))".to_owned(),
        },
        _ if ty.starts_with("int64[") => "np.arange(100)".to_owned(),
        _ if dims > 0 && ["int", "uint", "float", "complex", "bool"].iter().any(|kind| ty.starts_with(kind)) => {
            let dtype = ty.split('[').next().unwrap_or_default();
            let dtype = if dtype == "bool" { "np.bool_".to_owned() } else { format!("np.{dtype}") };
            format!("np.ones({}, dtype={dtype})", ["100", "(64, 64)", "(8, 8, 8)"][dims.min(3) - 1])
        }
        _ => String::new(),
    }
}
