//! Authorisation cache and local authorisation list.
//!
//! Source: 1.6 sections 3.5.1 to 3.5.3 and 5.14 to 5.15; 2.0.1 and 2.1 functional blocks C and D. That list version 0
//! means an empty list and -1 an unsupported one is from memory, not checked in the texts.

use core::fmt;

use crate::message::{Identifier, Timestamp};

/// An identifier kept for comparison: in lower case, `L` bytes long at most (20 in 1.6, 36 in 2.0.1, 255 in 2.1).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TokenKey<const L: usize> {
    bytes: [u8; L],
    length: usize,
}

impl<const L: usize> TokenKey<L> {
    /// Keeps an identifier; `None` if it is longer than `L` bytes. Blanks count.
    #[must_use]
    pub fn new(id: Identifier<'_>) -> Option<Self> {
        let mut bytes = [0; L];
        let length = id.expose().copy_to(&mut bytes)?.len();
        bytes.make_ascii_lowercase();
        Some(Self { bytes, length })
    }
}

impl<const L: usize> fmt::Debug for TokenKey<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<masked, {} bytes>", self.length)
    }
}

/// `AuthorizationStatus`, as far as a station must tell values apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// May charge.
    Accepted,
    /// Blocked.
    Blocked,
    /// Expired.
    Expired,
    /// Unknown to the CSMS.
    Invalid,
    /// Already charging elsewhere.
    ConcurrentTx,
    /// Any other refusal of 2.x (no credit, not at this time, not at this location, ...).
    Refused,
}

impl Status {
    /// The status that the wire calls so; what is unknown refuses.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "Accepted" => Self::Accepted,
            "Blocked" => Self::Blocked,
            "Expired" => Self::Expired,
            "Invalid" | "Unknown" => Self::Invalid,
            "ConcurrentTx" => Self::ConcurrentTx,
            _ => Self::Refused,
        }
    }
}

/// What is known of an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<const L: usize> {
    /// The identifier.
    pub token: TokenKey<L>,
    /// Its status when it was told.
    pub status: Status,
    /// Until when that holds.
    pub expiry: Option<Timestamp>,
    /// Its group: `parentIdTag`, `groupIdToken`.
    pub group: Option<TokenKey<L>>,
}

impl<const L: usize> Entry<L> {
    fn status_at(&self, now: Timestamp) -> Status {
        let expired = self.expiry.is_some_and(|expiry| expiry <= now);
        if expired && self.status == Status::Accepted { Status::Expired } else { self.status }
    }
}

/// The identifiers of the latest answers to Authorize, starts and stops.
#[derive(Debug, Clone)]
pub struct AuthorizationCache<const N: usize, const L: usize> {
    /// The oldest first.
    entries: [Option<Entry<L>>; N],
    life_millis: Option<i64>,
}

impl<const N: usize, const L: usize> AuthorizationCache<N, L> {
    /// An empty cache. `life_seconds` is `AuthCacheCtrlr.LifeTime` (2.x) for entries without expiry.
    #[must_use]
    pub fn new(life_seconds: Option<u32>) -> Self {
        let life_millis = life_seconds.map(|seconds| i64::from(seconds) * 1000);
        Self { entries: [None; N], life_millis }
    }

    /// Keeps what an answer told. An identifier of the local list is not cached. When the cache is full the oldest
    /// entry that does not let anybody charge goes, else the oldest.
    pub fn update<const M: usize>(
        &mut self,
        now: Timestamp,
        mut entry: Entry<L>,
        list: &LocalList<M, L>,
    ) {
        self.remove(&entry.token);
        if list.get(&entry.token).is_some() {
            return;
        }
        if entry.expiry.is_none() {
            entry.expiry = self
                .life_millis
                .map(|life| Timestamp::from_millis(now.millis().saturating_add(life)));
        }
        let full = self.entries.iter().all(Option::is_some);
        if full {
            let useless = self.entries.iter().position(|slot| {
                slot.is_some_and(|entry| entry.status_at(now) != Status::Accepted)
            });
            self.remove_at(useless.unwrap_or(0));
        }
        if let Some(slot) = self.entries.iter_mut().find(|slot| slot.is_none()) {
            *slot = Some(entry);
        }
    }

    /// What is known of an identifier; an entry whose time has passed is `Expired`.
    #[must_use]
    pub fn get(&self, now: Timestamp, token: &TokenKey<L>) -> Option<Entry<L>> {
        let entry = self.entries.iter().flatten().find(|entry| entry.token == *token)?;
        Some(Entry { status: entry.status_at(now), ..*entry })
    }

    /// `ClearCache`.
    pub fn clear(&mut self) {
        self.entries = [None; N];
    }

    fn remove(&mut self, token: &TokenKey<L>) {
        let at =
            self.entries.iter().position(|slot| slot.is_some_and(|entry| entry.token == *token));
        if let Some(at) = at {
            self.remove_at(at);
        }
    }

    /// The younger ones move up, so that the order stays that of age.
    fn remove_at(&mut self, at: usize) {
        if let Some(tail) = self.entries.get_mut(at..) {
            if let Some(first) = tail.first_mut() {
                *first = None;
            }
            if !tail.is_empty() {
                tail.rotate_left(1);
            }
        }
    }
}

/// The list the CSMS sends.
#[derive(Debug, Clone)]
pub struct LocalList<const N: usize, const L: usize> {
    version: i64,
    entries: [Option<Entry<L>>; N],
}

/// Why a list update is refused; the list is then unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ListError {
    /// The version of a differential update is not above the list's: answered `VersionMismatch`.
    #[error("version {new} does not follow {current}")]
    VersionMismatch {
        /// Version of the list.
        current: i64,
        /// Version of the update.
        new: i64,
    },
    /// The list has no room: answered `Failed`.
    #[error("the list is full")]
    Full,
}

impl<const N: usize, const L: usize> Default for LocalList<N, L> {
    fn default() -> Self {
        Self { version: 0, entries: [None; N] }
    }
}

impl<const N: usize, const L: usize> LocalList<N, L> {
    /// Its version; 0: empty.
    #[must_use]
    pub const fn version(&self) -> i64 {
        self.version
    }

    /// What the list says of an identifier.
    #[must_use]
    pub fn get(&self, token: &TokenKey<L>) -> Option<Entry<L>> {
        self.entries.iter().flatten().find(|entry| entry.token == *token).copied()
    }

    /// `Full`: takes the place of the list.
    ///
    /// # Errors
    /// The list has no room.
    pub fn replace(
        &mut self,
        version: i64,
        entries: impl IntoIterator<Item = Entry<L>>,
    ) -> Result<(), ListError> {
        let mut next = Self::default();
        for entry in entries {
            next.put(entry)?;
        }
        next.version = version;
        *self = next;
        Ok(())
    }

    /// `Differential`: adds and changes entries; one without information is deleted.
    ///
    /// # Errors
    /// The version does not follow the list's, or there is no room.
    pub fn amend(
        &mut self,
        version: i64,
        entries: impl IntoIterator<Item = (TokenKey<L>, Option<Entry<L>>)>,
    ) -> Result<(), ListError> {
        if version <= self.version {
            return Err(ListError::VersionMismatch { current: self.version, new: version });
        }
        let mut next = self.clone();
        for (token, entry) in entries {
            match entry {
                Some(entry) => next.put(entry)?,
                None => {
                    for slot in &mut next.entries {
                        if slot.is_some_and(|entry| entry.token == token) {
                            *slot = None;
                        }
                    }
                }
            }
        }
        next.version = version;
        *self = next;
        Ok(())
    }

    fn put(&mut self, entry: Entry<L>) -> Result<(), ListError> {
        let same =
            self.entries.iter().position(|slot| slot.is_some_and(|old| old.token == entry.token));
        let free = self.entries.iter().position(Option::is_none);
        let at = same.or(free).ok_or(ListError::Full)?;
        if let Some(slot) = self.entries.get_mut(at) {
            *slot = Some(entry);
        }
        Ok(())
    }
}

/// What a station may decide on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OfflineRules {
    /// 1.6 `LocalAuthorizeOffline`, 2.x `AuthCtrlr.LocalAuthorizeOffline`.
    pub local_authorize: bool,
    /// 1.6 `AllowOfflineTxForUnknownId`, 2.x `AuthCtrlr.OfflineTxForUnknownIdEnabled`.
    pub unknown_allowed: bool,
}

/// What to do about an identifier while the CSMS cannot be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Let it charge.
    Allow,
    /// Let it charge although nothing is known of it.
    AllowUnknown,
    /// Refuse, for this reason; `None`: nothing is known and that is not enough.
    Refuse(Option<Status>),
}

/// Decides offline: the local list beats the cache.
#[must_use]
pub fn decide<const N: usize, const M: usize, const L: usize>(
    now: Timestamp,
    token: &TokenKey<L>,
    list: &LocalList<N, L>,
    cache: &AuthorizationCache<M, L>,
    rules: OfflineRules,
) -> Decision {
    let listed = list.get(token).map(|entry| entry.status_at(now));
    match listed.or_else(|| cache.get(now, token).map(|entry| entry.status)) {
        Some(Status::Accepted) if rules.local_authorize => Decision::Allow,
        Some(Status::Accepted) => Decision::Refuse(None),
        Some(status) => Decision::Refuse(Some(status)),
        None if rules.unknown_allowed => Decision::AllowUnknown,
        None => Decision::Refuse(None),
    }
}
