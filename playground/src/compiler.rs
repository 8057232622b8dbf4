//! The compiler in a worker. In: a `Question` as JSON. Out: `[answer as JSON, module]`.

#[cfg(target_family = "wasm")]
mod worker {
    use js_sys::{Array, Reflect, Uint8Array};
    use kukri_playground::protocol::NO_CHARACTER;
    use kukri_playground::protocol::Question;
    use kukri_playground::session::Session;
    use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

    #[wasm_bindgen]
    extern "C" {
        /// The worker offers it before a program with such a name comes.
        #[wasm_bindgen(js_name = findCharacter)]
        fn find_character(name: &str) -> u32;
    }

    /// A conversation, as JavaScript holds it.
    #[wasm_bindgen]
    #[derive(Default)]
    pub struct Compiler(Session);

    #[wasm_bindgen]
    impl Compiler {
        /// A new one. What it says when it panics is found at `globalThis.panicked`.
        #[wasm_bindgen(constructor)]
        pub fn new() -> Self {
            std::panic::set_hook(Box::new(|panic| {
                let _ = Reflect::set(&js_sys::global(), &"panicked".into(), &panic.to_string().into());
            }));
            unicode_names2::set_source(|name| char::from_u32(find_character(name)).filter(|c| *c != NO_CHARACTER));
            Self::default()
        }

        /// Answers a question.
        ///
        /// # Errors
        /// Where the question is none.
        pub fn answer(&mut self, question: &str) -> Result<Array, JsValue> {
            let question: Question = serde_json::from_str(question).map_err(|error| error.to_string())?;
            let (answer, bytes) = self.0.answer(question);
            let answer = serde_json::to_string(&answer).map_err(|error| error.to_string())?;
            let bytes = bytes.map_or(JsValue::NULL, |bytes| Uint8Array::from(&bytes[..]).into());
            Ok(Array::of2(&answer.into(), &bytes))
        }
    }
}

fn main() {}
