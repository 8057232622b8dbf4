//! Serde for what is shared (`Arc`), as if it were not. In: `#[serde(with = "crate::shared")]`. Out: the value itself.
//!
//! (Serde's own feature for it is everybody's or nobody's in a program: all of its users would be built anew.)

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::Arc;

pub(crate) fn serialize<T: Serialize + ?Sized, S: Serializer>(value: &Arc<T>, to: S) -> Result<S::Ok, S::Error> {
    (**value).serialize(to)
}

pub(crate) fn deserialize<'de, T: ?Sized, D: Deserializer<'de>>(from: D) -> Result<Arc<T>, D::Error>
where
    Box<T>: Deserialize<'de>,
{
    Box::<T>::deserialize(from).map(Arc::from)
}
