//! Every error and warning by number and name. In: `compiler/errors/*.md`. Out: `Code`.
//!
//! A new code is one line in the table below and one page; a code without its page does not compile.
//! KU0 compiler bug or limit, KU1 syntax and unsupported, KU2 names, KU3 types, KU4 kernel boundary,
//! KU5 warnings, KU6 notes, KU9 run time.

use std::fmt;

/// Whether a program with it can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// It cannot.
    Error,
    /// It can, but perhaps not as meant.
    Warning,
    /// It can, and as meant; this says more about it.
    Note,
}

impl Severity {
    /// As it is written in front of a message.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// Declares the codes: `Variant "number" "name" Severity`. The page is `errors/NUMBER-NAME.md`.
macro_rules! codes {
    ($($variant:ident $number:literal $name:literal $severity:ident;)*) => {
        /// What is wrong, independent of the program it is wrong in. Each variant's page is its documentation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = include_str!(concat!("../../errors/", $number, "-", $name, ".md"))] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the numbers.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The number: `KU3001`.
            pub fn number(self) -> &'static str {
                match self {
                    $(Self::$variant => $number,)*
                }
            }

            /// The name: `type-mismatch`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// Whether it stops the program.
            pub fn severity(self) -> Severity {
                match self {
                    $(Self::$variant => Severity::$severity,)*
                }
            }

            /// Its page in Markdown, which `kukri explain` shows.
            pub fn page(self) -> &'static str {
                match self {
                    $(Self::$variant => include_str!(concat!("../../errors/", $number, "-", $name, ".md")),)*
                }
            }
        }
    };
}

codes! {
    Internal                "KU0001" "internal-error"           Error;
    Limit                   "KU0002" "limit"                    Error;

    InvalidSyntax           "KU1001" "invalid-syntax"           Error;
    UnclosedBracket         "KU1002" "unclosed-bracket"         Error;
    UnmatchedBracket        "KU1003" "unmatched-bracket"        Error;
    MissingColon            "KU1004" "missing-colon"            Error;
    BadIndentation          "KU1005" "bad-indentation"          Error;
    InvalidCharacter        "KU1006" "invalid-character"        Error;
    UnterminatedString      "KU1007" "unterminated-string"      Error;
    InvalidString           "KU1008" "invalid-string"           Error;
    LiteralRange            "KU1009" "literal-range"            Error;
    InvalidTarget           "KU1010" "invalid-target"           Error;
    MisplacedStatement      "KU1011" "misplaced-statement"      Error;
    DuplicateName           "KU1012" "duplicate-name"           Error;
    BadDeclaration          "KU1013" "bad-declaration"          Error;
    ArgumentOrder           "KU1014" "argument-order"           Error;
    InvalidPattern          "KU1015" "invalid-pattern"          Error;
    AssignmentInExpression  "KU1016" "assignment-in-expression" Error;
    OldPython               "KU1017" "old-python"               Error;
    BadEncoding             "KU1018" "bad-encoding"             Error;

    UnsupportedStatement    "KU1100" "unsupported-statement"    Error;
    UnsupportedExpression   "KU1101" "unsupported-expression"   Error;
    UnsupportedClass        "KU1102" "unsupported-class"        Error;
    UnsupportedGenerator    "KU1103" "unsupported-generator"    Error;
    UnsupportedWith         "KU1104" "unsupported-with"         Error;
    UnsupportedAsync        "KU1105" "unsupported-async"        Error;
    UnsupportedPattern      "KU1106" "unsupported-pattern"      Error;
    UnsupportedDecorator    "KU1107" "unsupported-decorator"    Error;
    UnsupportedImport       "KU1108" "unsupported-import"       Error;

    UndefinedName           "KU2001" "undefined-name"           Error;
    UnknownModule           "KU2002" "unknown-module"           Error;
    UnknownAttribute        "KU2003" "unknown-attribute"        Error;
    UnboundName             "KU2004" "unbound-name"             Error;

    TypeMismatch            "KU3001" "type-mismatch"            Error;
    UnsupportedOperand      "KU3002" "unsupported-operand"      Error;
    NotCallable             "KU3003" "not-callable"             Error;
    WrongArguments          "KU3004" "wrong-arguments"          Error;
    CannotInfer             "KU3005" "cannot-infer"             Error;
    BadAnnotation           "KU3006" "bad-annotation"           Error;
    UnsupportedArgument     "KU3007" "unsupported-argument"     Error;
    NotIterable             "KU3008" "not-iterable"             Error;
    NotSubscriptable        "KU3009" "not-subscriptable"        Error;
    UnsupportedType         "KU3010" "unsupported-type"         Error;
    ChangingGlobal          "KU3011" "changing-global"          Error;

    ExportNeedsTypes        "KU4001" "export-needs-types"       Error;
    UnsupportedAtBoundary   "KU4002" "unsupported-at-boundary"  Error;

    IntBecomesFloat         "KU5001" "int-becomes-float"        Warning;
    RevealedType            "KU5003" "revealed-type"            Warning;

    LoopNotes               "KU6001" "loop-notes"               Note;

    UncaughtException       "KU9001" "uncaught-exception"       Error;
    OutOfFuel               "KU9002" "out-of-fuel"              Error;
    TimeLimit               "KU9003" "time-limit"               Error;
    OutOfMemory             "KU9004" "out-of-memory"            Error;
    StackOverflow           "KU9005" "stack-overflow"           Error;
}

impl Code {
    /// The code with this number or name, in any case of letters.
    pub fn find(number_or_name: &str) -> Option<Self> {
        let wanted = number_or_name.trim();
        let is = |text: &str| text.eq_ignore_ascii_case(wanted);
        Self::ALL.iter().copied().find(|code| is(code.number()) || is(code.name()))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.number(), self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::{Code, Severity};

    #[test]
    fn finds_by_number_and_name() {
        assert_eq!(Code::find("KU3001"), Some(Code::TypeMismatch));
        assert_eq!(Code::find("ku3001"), Some(Code::TypeMismatch));
        assert_eq!(Code::find(" type-mismatch"), Some(Code::TypeMismatch));
        assert_eq!(Code::find("KU3"), None);
        assert_eq!(Code::TypeMismatch.to_string(), "KU3001 type-mismatch");
    }

    #[test]
    fn numbers_are_in_order_and_names_are_unique() {
        assert!(Code::ALL.windows(2).all(|pair| pair[0].number() < pair[1].number()));
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
    }

    #[test]
    fn warnings_are_the_fives_and_notes_the_sixes() {
        for code in Code::ALL {
            assert_eq!(code.severity() == Severity::Warning, code.number().starts_with("KU5"), "{code}");
            assert_eq!(code.severity() == Severity::Note, code.number().starts_with("KU6"), "{code}");
        }
    }

    #[test]
    fn pages_have_their_title_a_wrong_and_a_right_example() {
        for code in Code::ALL {
            let page = code.page();
            assert!(page.starts_with(&format!("# {code}\n")), "{code}: title");
            // A bug of ours has no example, and neither `reveal_type` nor what can be faster is a mistake.
            let is_mistake = !matches!(code, Code::Internal | Code::RevealedType | Code::LoopNotes);
            assert!(!is_mistake || page.contains("```python wrong\n"), "{code}: wrong example");
            assert!(!is_mistake || page.contains("```python right\n"), "{code}: right example");
            assert!(page.matches("```").count().is_multiple_of(2), "{code}: fences");
        }
    }

    #[test]
    fn pages_of_names_and_types_show_their_error() {
        let wrong = |page: &str| {
            let after = page.split_once("```python wrong\n").map(|(_, after)| after.to_owned());
            after.and_then(|after| Some(after.split_once("```")?.0.to_owned())).unwrap_or_default()
        };
        // KU1 is tested beside `syntax`; the others need a host, or a run.
        let shown_here = |code: &Code| {
            let number = code.number();
            let is_static = number.starts_with("KU2")
                || number.starts_with("KU3")
                || matches!(code, Code::IntBecomesFloat | Code::UnsupportedDecorator);
            // What an empty list holds mostly comes out after all; the page says what to do where it does not.
            is_static && *code != Code::CannotInfer
        };
        for code in Code::ALL.iter().filter(|code| shown_here(code)) {
            let text = wrong(code.page());
            let mut modules = |_: &str| None;
            let input = crate::Input { path: "page.py", text: &text, modules: &mut modules };
            let found = match crate::check(input, &crate::infer::Request::default()) {
                Ok(checked) => checked.notes,
                Err(failure) => failure.diagnostics,
            };
            assert!(found.iter().any(|diagnostic| diagnostic.code == *code), "{code}: {found:?}");
        }
    }
}
