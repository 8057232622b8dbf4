//! The page: a Yew application. What it looks like is in `view`, what happens in `app`
//! (`state` has the words for it), who it talks to in `lane` (the
//! compiler) and `runner` (the program), each in a `worker`; `parts` is what is left to JavaScript.

#[cfg(target_family = "wasm")]
mod page {
    pub mod app;
    pub mod call;
    pub mod checks;
    pub mod lane;
    pub mod markdown;
    pub mod parts;
    pub mod runner;
    pub mod state;
    pub mod store;
    pub mod view;
    pub mod worker;
}

fn main() {
    #[cfg(target_family = "wasm")]
    {
        console_error_panic_hook::set_once();
        let root = page::store::element("app");
        yew::Renderer::<page::app::App>::with_root(root).render();
    }
}
