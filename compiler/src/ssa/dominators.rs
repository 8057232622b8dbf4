//! Which blocks every path to a block goes through, and up to where. In: a function. Out: `Dominators`.
//!
//! A block can be left in its middle along an unwind edge. So what dominates a block is a *point*: a block and how
//! many of its instructions have run. A value is available where its definition's point dominates:
//!
//! ```text
//! a():    v0 = …
//!         call f(v0) unwind pad     ; pad is dominated by a up to here: it sees v0, not v1
//!         v1 = …
//!         jump b                    ; b is dominated by all of a
//! ```
//!
//! The algorithm is Cooper, Harvey and Kennedy's "A Simple, Fast Dominance Algorithm" (2001), on points.

use super::{Block, Function};
use crate::arena::Id;

/// A place in a block: before its `index`-th instruction; `index` may be their number (before the terminator).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// The block.
    pub block: Id<Block>,
    /// How many of its instructions have run.
    pub index: usize,
}

/// The dominator tree of a function.
#[derive(Debug)]
pub struct Dominators {
    order: Vec<Id<Block>>,
    nodes: Vec<Node>,
}

#[derive(Debug, Clone)]
struct Node {
    /// Place in reverse postorder, `UNREACHABLE` if there is none.
    number: u32,
    /// The last point that every path to the block goes through.
    parent: Option<Point>,
    /// By falling index of their point.
    children: Vec<Id<Block>>,
    /// When a walk of the tree enters and leaves the block.
    enter: u32,
    leave: u32,
}

const UNREACHABLE: u32 = u32::MAX;

impl Dominators {
    /// The dominator tree of `function`.
    pub fn new(function: &Function) -> Self {
        let order = function.reverse_postorder();
        let node = Node { number: UNREACHABLE, parent: None, children: Vec::new(), enter: 0, leave: 0 };
        let mut this = Self { order, nodes: vec![node; function.blocks.len()] };
        let edges = this.edges(function);
        loop {
            let mut changed = false;
            for at in 1..this.order.len() {
                let block = this.order[at];
                let mut parent: Option<Point> = None;
                for &point in &edges.points[edges.starts[at] as usize..edges.starts[at + 1] as usize] {
                    // Predecessors without a parent yet are reached by back edges only; they come in the next round.
                    if point.block == function.entry || this.nodes[point.block.index()].parent.is_some() {
                        parent = Some(parent.map_or(point, |parent| this.common(parent, point)));
                    }
                }
                if this.nodes[block.index()].parent != parent {
                    this.nodes[block.index()].parent = parent;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        this.plant(function);
        this
    }

    /// Numbers the blocks and collects the points that lead to each, by number.
    fn edges(&mut self, function: &Function) -> Edges {
        for (number, block) in self.order.iter().enumerate() {
            self.nodes[block.index()].number = number as u32;
        }
        let mut all = Vec::new();
        for &block in &self.order {
            let insts = &function.blocks[block].insts;
            for (index, inst) in insts.iter().enumerate() {
                if let Some((next, ..)) = inst.kind.side_edge() {
                    all.push((self.nodes[next.index()].number, Point { block, index }));
                }
            }
            let end = Point { block, index: insts.len() };
            for edge in function.blocks[block].terminator.edges() {
                all.push((self.nodes[edge.block.index()].number, end));
            }
        }
        let mut starts = vec![0; self.order.len() + 1];
        all.iter().for_each(|(number, _)| starts[*number as usize + 1] += 1);
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut points = vec![Point { block: function.entry, index: 0 }; all.len()];
        for (number, point) in all {
            points[next[number as usize] as usize] = point;
            next[number as usize] += 1;
        }
        Edges { starts, points }
    }

    /// The last point that dominates both.
    fn common(&self, mut left: Point, mut right: Point) -> Point {
        while left.block != right.block {
            let (low, high) = (self.nodes[left.block.index()].number, self.nodes[right.block.index()].number);
            let above = if low > high { &mut left } else { &mut right };
            *above = self.nodes[above.block.index()].parent.expect("only the entry, numbered 0, has no parent");
        }
        Point { block: left.block, index: left.index.min(right.index) }
    }

    /// Links the tree downwards and numbers its walk.
    fn plant(&mut self, function: &Function) {
        for at in 1..self.order.len() {
            let block = self.order[at];
            if let Some(parent) = self.nodes[block.index()].parent {
                self.nodes[parent.block.index()].children.push(block);
            }
        }
        for at in 0..self.order.len() {
            let block = self.order[at];
            let mut children = std::mem::take(&mut self.nodes[block.index()].children);
            crate::order::sort_by_key(&mut children, |child| {
                std::cmp::Reverse(self.nodes[child.index()].parent.map_or(0, |parent| parent.index))
            });
            self.nodes[block.index()].children = children;
        }
        let mut clock = 0;
        let mut open = vec![(function.entry, 0)];
        while let Some((block, next)) = open.last_mut() {
            let node = &mut self.nodes[block.index()];
            if *next == 0 {
                node.enter = clock;
                clock += 1;
            }
            if let Some(&child) = node.children.get(*next) {
                *next += 1;
                open.push((child, 0));
            } else {
                node.leave = clock;
                open.pop();
            }
        }
    }

    /// The reachable blocks, each after those that dominate it: reverse postorder.
    pub fn order(&self) -> &[Id<Block>] {
        &self.order
    }

    /// Place of a block in [`Self::order`], if it is reachable.
    pub fn number(&self, block: Id<Block>) -> Option<usize> {
        let number = self.nodes[block.index()].number;
        (number != UNREACHABLE).then_some(number as usize)
    }

    /// Whether control can get to the block.
    pub fn is_reachable(&self, block: Id<Block>) -> bool {
        self.number(block).is_some()
    }

    /// The last point that every path to the block goes through; none for the entry and for unreachable blocks.
    pub fn parent(&self, block: Id<Block>) -> Option<Point> {
        self.nodes[block.index()].parent
    }

    /// The blocks whose parent is in `block`: those with the latest points first.
    pub fn children(&self, block: Id<Block>) -> &[Id<Block>] {
        &self.nodes[block.index()].children
    }

    /// Whether every path to `below` enters `above`. A block dominates itself.
    pub fn dominates(&self, above: Id<Block>, below: Id<Block>) -> bool {
        let (above, below) = (&self.nodes[above.index()], &self.nodes[below.index()]);
        above.number != UNREACHABLE
            && below.number != UNREACHABLE
            && above.enter <= below.enter
            && below.leave <= above.leave
    }

    /// Whether every path to `below` goes through `above`.
    pub fn dominates_point(&self, above: Point, mut below: Point) -> bool {
        if !self.dominates(above.block, below.block) {
            return false;
        }
        while below.block != above.block {
            match self.parent(below.block) {
                Some(parent) => below = parent,
                None => return false,
            }
        }
        above.index <= below.index
    }
}

/// The points that lead to the blocks, by the block's number.
struct Edges {
    starts: Vec<u32>,
    points: Vec<Point>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;
    use crate::ssa::{BlockCall, Callee, Inst, InstKind, Terminator, Type, Unwind};

    #[test]
    fn a_pad_is_dominated_up_to_the_call() {
        let mut function = Function::new("f", Vec::new(), Span::default());
        let entry = function.entry;
        let [pad, next, join] = [(); 3].map(|()| function.blocks.push(Block::default()));
        let exception = function.value(Type::I32);
        function.blocks[pad].params.push(exception);
        let call = |unwind| Inst {
            kind: InstKind::Call { callee: Callee::Function(Id::new(0)), args: Vec::new(), unwind },
            results: Vec::new(),
            span: Span::default(),
        };
        let jump = |block| Terminator::Jump(BlockCall { block, args: Vec::new() });
        function.blocks[entry].insts =
            vec![call(None), call(Some(Unwind { block: pad, args: Vec::new() })), call(None)];
        function.blocks[entry].terminator = jump(next);
        function.blocks[pad].terminator = jump(join);
        function.blocks[next].terminator = jump(join);
        let dominators = Dominators::new(&function);
        assert_eq!(dominators.parent(entry), None);
        assert_eq!(dominators.parent(pad), Some(Point { block: entry, index: 1 }));
        assert_eq!(dominators.parent(next), Some(Point { block: entry, index: 3 }));
        assert_eq!(dominators.parent(join), Some(Point { block: entry, index: 1 }));
        assert_eq!(dominators.children(entry)[0], next);
        assert!(dominators.dominates(entry, join) && !dominators.dominates(next, join));
        assert!(!dominators.dominates_point(Point { block: entry, index: 2 }, Point { block: join, index: 0 }));
    }
}
