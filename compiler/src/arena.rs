//! Typed ids into growing tables. In: values. Out: `Id<T>`, `Arena<T>`, `IdMap<T, V>`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// The place of a `T` in its arena; ids of different things cannot be confused.
pub struct Id<T> {
    index: u32,
    kind: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// The id of the `index`-th thing.
    pub fn new(index: usize) -> Self {
        Self { index: index as u32, kind: PhantomData }
    }

    /// The number behind the id.
    pub fn index(self) -> usize {
        self.index as usize
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.index.cmp(&other.index)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.index.hash(state);
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.index.serialize(to)
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self { index: u32::deserialize(from)?, kind: PhantomData })
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.index)
    }
}

/// A table that only grows; its ids stay valid.
#[derive(Clone, Debug)]
pub struct Arena<T> {
    items: Vec<T>,
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self { items: Vec::new() }
    }
}

impl<T> Arena<T> {
    /// Adds an item.
    pub fn push(&mut self, item: T) -> Id<T> {
        self.items.push(item);
        Id::new(self.items.len() - 1)
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Forgets all items but the first `len`.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.items.truncate(len);
    }

    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// All items, in order.
    pub fn as_slice(&self) -> &[T] {
        &self.items
    }

    /// Every id, in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = Id<T>> + use<T> {
        (0..self.items.len()).map(Id::new)
    }

    /// Every id with its item, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Id<T>, &T)> {
        self.items.iter().enumerate().map(|(index, item)| (Id::new(index), item))
    }

    /// Every id with its item, in order.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (Id<T>, &mut T)> {
        self.items.iter_mut().enumerate().map(|(index, item)| (Id::new(index), item))
    }
}

impl<T> FromIterator<T> for Arena<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self { items: items.into_iter().collect() }
    }
}

impl<T> Index<Id<T>> for Arena<T> {
    type Output = T;
    fn index(&self, id: Id<T>) -> &T {
        &self.items[id.index()]
    }
}
impl<T> IndexMut<Id<T>> for Arena<T> {
    fn index_mut(&mut self, id: Id<T>) -> &mut T {
        &mut self.items[id.index()]
    }
}

/// A value for (some of) the ids of an arena, dense in memory.
#[derive(Clone, Debug)]
pub struct IdMap<T, V> {
    values: Vec<Option<V>>,
    kind: PhantomData<fn() -> T>,
}

impl<T, V> Default for IdMap<T, V> {
    fn default() -> Self {
        Self { values: Vec::new(), kind: PhantomData }
    }
}

impl<T, V> IdMap<T, V> {
    /// Sets the value of `id` and gives back the one it had.
    pub fn insert(&mut self, id: Id<T>, value: V) -> Option<V> {
        if self.values.len() <= id.index() {
            self.values.resize_with(id.index() + 1, || None);
        }
        self.values[id.index()].replace(value)
    }

    /// Sets the value of the next id after all that have one.
    pub fn push(&mut self, value: V) -> Id<T> {
        self.values.push(Some(value));
        Id::new(self.values.len() - 1)
    }

    /// One more than the highest id that has a value.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether no id has a value.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The value of `id`, if it has one.
    pub fn get(&self, id: Id<T>) -> Option<&V> {
        self.values.get(id.index()).and_then(Option::as_ref)
    }

    /// The value of `id`, if it has one.
    pub fn get_mut(&mut self, id: Id<T>) -> Option<&mut V> {
        self.values.get_mut(id.index()).and_then(Option::as_mut)
    }

    /// Whether `id` has a value.
    pub fn contains(&self, id: Id<T>) -> bool {
        self.get(id).is_some()
    }

    /// Every id that has a value, in order.
    pub fn iter(&self) -> impl Iterator<Item = (Id<T>, &V)> {
        self.values.iter().enumerate().filter_map(|(index, value)| Some((Id::new(index), value.as_ref()?)))
    }
}

impl<T, V> Index<Id<T>> for IdMap<T, V> {
    type Output = V;
    fn index(&self, id: Id<T>) -> &V {
        self.get(id).expect("a value was set for this id")
    }
}
impl<T, V> IndexMut<Id<T>> for IdMap<T, V> {
    fn index_mut(&mut self, id: Id<T>) -> &mut V {
        self.get_mut(id).expect("a value was set for this id")
    }
}
