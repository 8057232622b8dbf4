//! What a pass says of its run. In: nothing. Out: `Changed`.

use std::ops::{BitOr, BitOrAssign};

/// Whether a pass changed anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub(crate) enum Changed {
    No,
    Yes,
}

impl Changed {
    /// Whether there was a change.
    pub(crate) fn any(self) -> bool {
        self == Self::Yes
    }
}

impl From<bool> for Changed {
    fn from(changed: bool) -> Self {
        if changed { Self::Yes } else { Self::No }
    }
}

impl BitOr for Changed {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self::from(self.any() || other.any())
    }
}

impl BitOrAssign for Changed {
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}
