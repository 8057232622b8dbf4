//! The natural loops of a function, and how they nest. In: a function and its dominators. Out: `Loops`.

use super::dominators::Dominators;
use super::{Block, BlockCall, Function, Terminator};
use crate::arena::{Arena, Id, IdMap};

/// A loop: the blocks from which its head is reached without leaving it.
#[derive(Debug, Clone)]
pub struct Loop {
    /// The only block by which the loop is entered.
    pub head: Id<Block>,
    /// The loop directly around it.
    pub parent: Option<Id<Loop>>,
    /// Its blocks, those of inner loops included, in reverse postorder.
    pub blocks: Vec<Id<Block>>,
}

/// The loops of a function.
#[derive(Debug, Default)]
pub struct Loops {
    /// Inner loops come before those around them.
    pub all: Arena<Loop>,
    /// The innermost loop of each block, by index.
    innermost: Vec<Option<Id<Loop>>>,
}

impl Loops {
    /// The loops of `function`. Back edges are those to a dominator: the graph is reducible.
    pub fn new(function: &Function, dominators: &Dominators) -> Self {
        let mut this = Self { all: Arena::default(), innermost: vec![None; function.blocks.len()] };
        let predecessors = function.predecessors();
        for &head in dominators.order().iter().rev() {
            let mut open: Vec<Id<Block>> =
                predecessors[head].iter().copied().filter(|from| dominators.dominates(head, *from)).collect();
            if open.is_empty() {
                continue;
            }
            let id = this.all.push(Loop { head, parent: None, blocks: Vec::new() });
            this.innermost[head.index()] = this.innermost[head.index()].or(Some(id));
            while let Some(block) = open.pop() {
                match this.innermost[block.index()].map(|inner| this.outermost(inner)) {
                    Some(known) if known == id => {}
                    Some(inner) => {
                        this.all[inner].parent = Some(id);
                        let head = this.all[inner].head;
                        open.extend(
                            predecessors[head].iter().copied().filter(|from| !dominators.dominates(head, *from)),
                        );
                    }
                    None => {
                        this.innermost[block.index()] = Some(id);
                        open.extend(&predecessors[block]);
                    }
                }
            }
        }
        for &block in dominators.order() {
            let mut around = this.innermost[block.index()];
            while let Some(id) = around {
                this.all[id].blocks.push(block);
                around = this.all[id].parent;
            }
        }
        this
    }

    fn outermost(&self, mut id: Id<Loop>) -> Id<Loop> {
        while let Some(parent) = self.all[id].parent {
            id = parent;
        }
        id
    }

    /// The loops that have no other in them.
    pub(crate) fn without_inner(&self) -> Vec<Id<Loop>> {
        let around: Vec<_> = self.all.iter().filter_map(|(_, it)| it.parent).collect();
        self.all.ids().filter(|id| !around.contains(id)).collect()
    }

    /// Whether there are loops in a loop.
    pub(crate) fn has_inner(&self, id: Id<Loop>) -> bool {
        self.all.iter().any(|(_, it)| it.parent == Some(id))
    }

    /// The loops in a loop, inner ones first.
    pub(crate) fn inner(&self, id: Id<Loop>) -> Vec<Id<Loop>> {
        let is_in = |mut inner: Id<Loop>| {
            while let Some(parent) = self.all[inner].parent {
                if parent == id {
                    return true;
                }
                inner = parent;
            }
            false
        };
        self.all.ids().filter(|inner| is_in(*inner)).collect()
    }

    /// The innermost loop around a block.
    pub fn innermost(&self, block: Id<Block>) -> Option<Id<Loop>> {
        self.innermost.get(block.index()).copied().flatten()
    }

    /// Whether a block is in a loop.
    pub fn contains(&self, id: Id<Loop>, block: Id<Block>) -> bool {
        let mut around = self.innermost(block);
        while let Some(known) = around {
            if known == id {
                return true;
            }
            around = self.all[known].parent;
        }
        false
    }

    /// Whether every way from the head of a loop back to it goes by a block of it.
    pub(crate) fn is_on_every_turn(&self, function: &Function, id: Id<Loop>, block: Id<Block>) -> bool {
        let head = self.all[id].head;
        if block == head {
            return true;
        }
        let mut open = vec![head];
        let mut met: IdMap<Block, ()> = IdMap::default();
        while let Some(from) = open.pop() {
            let Block { insts, terminator, .. } = &function.blocks[from];
            let aside = insts.iter().filter_map(|inst| inst.kind.side_edge().map(|(to, ..)| to));
            for to in terminator.edges().map(|edge| edge.block).chain(aside) {
                if to == head {
                    return false;
                }
                if to != block && self.contains(id, to) && met.insert(to, ()).is_none() {
                    open.push(to);
                }
            }
        }
        true
    }

    /// For every value by index whether it is made in the loop.
    pub(crate) fn makes(&self, function: &Function, id: Id<Loop>) -> Vec<bool> {
        let mut inside = vec![false; function.values.len()];
        for block in self.all[id].blocks.iter().map(|block| &function.blocks[*block]) {
            let results = block.insts.iter().flat_map(|inst| &inst.results);
            block.params.iter().chain(results).for_each(|value| inside[value.index()] = true);
        }
        inside
    }

    /// The block from which alone the loop is entered, made if need be; none where an exception enters it.
    pub(crate) fn entrance(
        &mut self,
        function: &mut Function,
        id: Id<Loop>,
        predecessors: &IdMap<Block, Vec<Id<Block>>>,
    ) -> Option<Id<Block>> {
        let head = self.all[id].head;
        let outside: Vec<_> = predecessors[head].iter().copied().filter(|from| !self.contains(id, *from)).collect();
        if let [only] = outside[..]
            && matches!(function.blocks[only].terminator, Terminator::Jump(_))
            && !function.blocks[only]
                .insts
                .iter()
                .any(|inst| inst.kind.unwind().is_some_and(|unwind| unwind.block == head))
        {
            return Some(only);
        }
        let enters_by_exception = outside.iter().any(|from| {
            let insts = &function.blocks[*from].insts;
            insts.iter().any(|inst| inst.kind.unwind().is_some_and(|unwind| unwind.block == head))
        });
        if enters_by_exception {
            return None;
        }
        let types: Vec<_> = function.blocks[head].params.iter().map(|param| function.values[*param].ty).collect();
        let params: Vec<_> = types.into_iter().map(|ty| function.value(ty)).collect();
        let jump = Terminator::Jump(BlockCall { block: head, args: params.clone() });
        let before = function.blocks.push(Block { params, terminator: jump, ..Block::default() });
        self.add_before(before, id);
        for from in outside {
            for edge in function.blocks[from].terminator.edges_mut().filter(|edge| edge.block == head) {
                edge.block = before;
            }
        }
        Some(before)
    }

    /// Notes a new block that is the way into the loop `id`.
    fn add_before(&mut self, block: Id<Block>, id: Id<Loop>) {
        let head = self.all[id].head;
        let mut around = self.all[id].parent;
        self.innermost.resize(self.innermost.len().max(block.index() + 1), None);
        self.innermost[block.index()] = around;
        while let Some(id) = around {
            let blocks = &mut self.all[id].blocks;
            let at = blocks.iter().position(|known| *known == head).unwrap_or(blocks.len());
            blocks.insert(at, block);
            around = self.all[id].parent;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ssa::parse::parse;

    #[test]
    fn loops_nest() {
        let text = "function @f(v0: i32) {
b0:
  jump b1
b1:
  branch v0, b2, b5
b2:
  branch v0, b3, b4
b3:
  jump b2
b4:
  jump b1
b5:
  return
}
";
        let module = parse(text).expect("the text is right");
        let (_, function) = module.functions.iter().next().expect("there is one function");
        let loops = Loops::new(function, &Dominators::new(function));
        let shown: Vec<_> = (loops.all.iter())
            .map(|(_, it)| {
                (it.head.index(), it.blocks.iter().map(|block| block.index()).collect::<Vec<_>>(), it.parent)
            })
            .collect();
        assert_eq!(shown, [(2, vec![2, 3], Some(Id::new(1))), (1, vec![1, 2, 3, 4], None)]);
    }
}
