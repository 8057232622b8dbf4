//! The program as it is, and what the compiler says of it. In: texts, as they are typed. Out: reports.
//!
//! A check is under way or not: what is typed meanwhile is checked after it, at once. There is no timer. The question is
//! on its way before the editor has drawn the key, so that the compiler and the browser work at the same time.

use super::lane::{Lane, Reply};
use kukri_playground::protocol::{Program, Question};
use std::cell::{Cell, Ref, RefCell};
use std::rc::Rc;

pub struct Checks {
    lane: Rc<Lane>,
    program: RefCell<Program>,
    /// Counts changes of the program.
    version: Cell<u64>,
    /// The version that the last report is of.
    checked: Cell<u64>,
    under_way: Cell<bool>,
    can_ask: Cell<bool>,
    tell: Box<dyn Fn(Result<Reply, String>)>,
}

impl Checks {
    /// `tell` hears each report.
    pub fn new(lane: Rc<Lane>, program: Program, tell: impl Fn(Result<Reply, String>) + 'static) -> Rc<Self> {
        Rc::new(Self {
            lane,
            program: RefCell::new(program),
            version: Cell::new(1),
            checked: Cell::new(0),
            under_way: Cell::new(false),
            can_ask: Cell::new(false),
            tell: Box::new(tell),
        })
    }

    pub fn program(&self) -> Ref<'_, Program> {
        self.program.borrow()
    }

    pub fn version(&self) -> u64 {
        self.version.get()
    }

    /// Whether the last report is of the program as it is.
    pub fn is_settled(&self) -> bool {
        self.can_ask.get() && !self.under_way.get() && self.checked.get() == self.version.get()
    }

    /// The compiler can be asked, or cannot any more.
    pub fn ready(self: &Rc<Self>, ready: bool) {
        self.can_ask.set(ready);
        self.under_way.set(false);
        if self.checked.get() != self.version.get() {
            self.go();
        }
    }

    /// Another text of the main file.
    pub fn write(self: &Rc<Self>, text: String) {
        {
            let mut program = self.program.borrow_mut();
            let main = program.main;
            if let Some(file) = program.files.get_mut(main) {
                file.text = text;
            }
        }
        self.version.set(self.version.get() + 1);
        self.go();
    }

    /// Another program.
    pub fn replace(self: &Rc<Self>, program: Program) {
        *self.program.borrow_mut() = program;
        self.version.set(self.version.get() + 1);
        self.go();
    }

    fn go(self: &Rc<Self>) {
        if self.under_way.get() || !self.can_ask.get() {
            return;
        }
        self.under_way.set(true);
        let (checks, version) = (self.clone(), self.version.get());
        let question = Question::Check(self.program.borrow().clone());
        self.lane.ask(&question, move |reply| {
            checks.under_way.set(false);
            checks.checked.set(version);
            (checks.tell)(reply);
            if version != checks.version.get() {
                checks.go();
            }
        });
    }
}
