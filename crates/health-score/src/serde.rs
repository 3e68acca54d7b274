//! A curve as the list of its points, checked when it is read.

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::curve::{Curve, MAX_POINTS};

impl Serialize for Curve {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.points())
    }
}

struct Points;

impl<'de> Visitor<'de> for Points {
    type Value = Curve;

    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "1 to {MAX_POINTS} points [x, score]")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Curve, A::Error> {
        let mut points = [(0.0, 0.0); MAX_POINTS];
        let mut len = 0;
        while let Some(point) = list.next_element()? {
            let slot =
                points.get_mut(len).ok_or_else(|| A::Error::invalid_length(len + 1, &self))?;
            *slot = point;
            len += 1;
        }
        Curve::new(points.get(..len).unwrap_or(&[])).map_err(A::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Curve {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Points)
    }
}
