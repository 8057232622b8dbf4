//! f-strings. In: the values of a rustpython `JoinedStr`. Out: `ast::FStringPart`. Reports: KU1101.

use super::{Converter, python};
use crate::diagnostic::{Code, Diagnostic};
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
                        Some(python::Expr::JoinedStr(spec)) => self.specification(&spec.values, span),
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

    /// What follows `:` in a replacement field.
    fn specification(&mut self, values: &[python::Expr], span: Span) -> Vec<FStringPart> {
        let parts = self.fstring(values, span);
        // The parser leaves escapes there as they are written, which is right in a raw string only.
        let prefix = self.source(span).split(['"', '\'']).next().unwrap_or_default();
        let has_escape = parts.iter().any(|part| matches!(part, FStringPart::Text(text) if text.contains('\\')));
        if has_escape && !prefix.contains(['r', 'R']) {
            let message = "an escape in a format specification is not supported";
            let help = "put it in a variable: `f\"{x:{fill}>10}\"`";
            self.report(Diagnostic::new(Code::UnsupportedExpression, span, message).help(help));
        }
        parts
    }
}
