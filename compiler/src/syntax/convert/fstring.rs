//! f-strings. In: the values of a rustpython `JoinedStr`. Out: `ast::FStringPart`.

use super::{Converter, python};
use crate::source::Span;
use crate::syntax::ast::{Conversion, FStringPart};

impl Converter<'_> {
    pub(super) fn fstring(&mut self, values: &[python::Expr], span: Span) -> Vec<FStringPart> {
        let mut parts = Vec::new();
        for value in values {
            match value {
                python::Expr::Constant(python::ExprConstant { value: python::Constant::Str(text), .. }) => {
                    self.refuse_surrogates(text, span);
                    if !text.is_empty() {
                        parts.push(FStringPart::Text(text.as_str().into()));
                    }
                }
                python::Expr::FormattedValue(field) => {
                    let conversion = match field.conversion {
                        python::ConversionFlag::None => Conversion::None,
                        python::ConversionFlag::Str => Conversion::Str,
                        python::ConversionFlag::Repr => Conversion::Repr,
                        python::ConversionFlag::Ascii => Conversion::Ascii,
                    };
                    let value = Box::new(self.expression(&field.value));
                    let spec = match field.format_spec.as_deref() {
                        Some(python::Expr::JoinedStr(spec)) => self.fstring(&spec.values, span),
                        _ => Vec::new(),
                    };
                    parts.push(FStringPart::Value { value, conversion, spec });
                }
                other => {
                    let value = Box::new(self.expression(other));
                    parts.push(FStringPart::Value { value, conversion: Conversion::None, spec: Vec::new() });
                }
            }
        }
        parts
    }
}
