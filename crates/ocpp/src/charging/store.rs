//! The profiles installed on a station: install, replace, clear, without a heap.

use super::profile::{Period, Profile, ProfileKind, Purpose, RateUnit, Rates};
use crate::message::{Text, Version};
use crate::v21::OperationMode;

/// Bytes of the longest transaction id: 36 characters of up to four bytes (2.x), or the digits of an integer (1.6).
const ID_BYTES: usize = 144;

/// Up to `PROFILES` profiles with together up to `PERIODS` periods.
///
/// Source: 1.6 section 5.16 and errata; 2.x use cases K01, K08 to K10 and their requirements.
#[derive(Debug, Clone)]
pub struct ProfileStore<const PROFILES: usize, const PERIODS: usize> {
    version: Version,
    slots: [Option<Slot>; PROFILES],
    /// In the order of installation: slot n's periods lie behind those of slot n - 1.
    periods: [Period; PERIODS],
    max_external_id: Option<i64>,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    /// With `periods` and `transaction` empty: those are kept in the store.
    profile: Profile<'static>,
    transaction: Option<([u8; ID_BYTES], usize)>,
    first: usize,
    count: usize,
}

/// What an installation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Installed {
    /// How many older profiles it replaced.
    pub replaced: usize,
}

/// Why a profile is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InstallError {
    /// The first period does not start at 0, or the list is not in ascending order, or it is empty.
    #[error("the periods do not start at 0 or are out of order")]
    Periods,
    /// The purpose does not go with this EVSE: a station maximum off id 0, a `TxProfile` on it.
    #[error("the purpose does not go with this EVSE")]
    Evse,
    /// The kind does not go with the purpose: a relative station maximum.
    #[error("the kind does not go with the purpose")]
    Kind,
    /// The CSMS may not set external constraints.
    #[error("the CSMS may not set external constraints")]
    Purpose,
    /// A dynamic profile has not exactly one schedule of one period, or another kind has `dynUpdate...` (2.1).
    #[error("a dynamic profile has one schedule of one period, and only it is updated")]
    Dynamic,
    /// Priority charging has a duration or another mode than `ChargingOnly` (2.1).
    #[error("priority charging has no duration and only charges")]
    Priority,
    /// `randomizedDelay` on something else than a `TxProfile` or `TxDefaultProfile` (2.1).
    #[error("only a TxProfile or TxDefaultProfile is delayed at random")]
    Delay,
    /// Several schedules on something else than a `TxProfile` (ISO 15118).
    #[error("only a TxProfile has several schedules")]
    Schedules,
    /// `phaseToUse` although not exactly one phase is used.
    #[error("phaseToUse goes with one phase")]
    PhaseToUse,
    /// `LocalFrequency` counted in amperes or with a curve of less than two points (2.1).
    #[error("LocalFrequency is in watts, along a curve of two points or more")]
    Frequency,
    /// A set-point lies outside its limits (2.1).
    #[error("set-point outside its limits")]
    SetPoint,
    /// The id is reserved for external constraints.
    #[error("the id is reserved for external constraints")]
    ReservedId,
    /// 2.x: a `TxDefaultProfile` of this level is on id 0 while this is for one EVSE, or the reverse (K01.FR.52, 53),
    /// or one of this level and purpose is valid at the same time.
    #[error("conflicts with profile {id}")]
    Conflict {
        /// The profile in the way.
        id: i64,
    },
    /// The store holds no more profiles or periods.
    #[error("the store is full")]
    Full,
}

impl InstallError {
    /// The `reasonCode` of the 2.1 answer `Rejected`, where the standard names one for this.
    #[must_use]
    pub const fn reason_code(&self) -> Option<&'static str> {
        match self {
            Self::Dynamic => Some("InvalidProfile"),
            Self::Priority => Some("InvalidSchedule"),
            _ => None,
        }
    }
}

/// Which profiles `ClearChargingProfile` removes: those that match every criterion given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ClearFilter {
    /// The profile of this id; the other criteria then do not matter.
    pub id: Option<i64>,
    /// On this EVSE or connector.
    pub evse: Option<i64>,
    /// Of this purpose.
    pub purpose: Option<Purpose>,
    /// Of this stack level.
    pub stack_level: Option<i64>,
}

impl<const PROFILES: usize, const PERIODS: usize> ProfileStore<PROFILES, PERIODS> {
    /// An empty store. `max_external_id` is the device-model variable `MaxExternalConstraintsId` (2.1), if set.
    #[must_use]
    pub fn new(version: Version, max_external_id: Option<i64>) -> Self {
        let periods = [Period::default(); PERIODS];
        Self { version, slots: [None; PROFILES], periods, max_external_id }
    }

    /// The profiles in the order of their installation, and how many of the array they fill.
    #[must_use]
    pub fn profiles(&self) -> ([Profile<'_>; PROFILES], usize) {
        let mut out = [Profile::BLANK; PROFILES];
        let mut count = 0;
        for (slot, place) in self.slots.iter().flatten().zip(&mut out) {
            *place = self.profile(slot);
            count += 1;
        }
        (out, count)
    }

    fn profile<'s>(&'s self, slot: &'s Slot) -> Profile<'s> {
        let periods = self.periods.get(slot.first..slot.first + slot.count).unwrap_or(&[]);
        let transaction = slot.transaction.as_ref().and_then(|(bytes, length)| {
            core::str::from_utf8(bytes.get(..*length)?).ok().map(|id| Text::quoted(id, false))
        });
        Profile { periods, transaction, ..slot.profile }
    }

    /// Installs a profile. One of the same id is replaced; in 1.6 also one of the same connector, purpose and level.
    ///
    /// `by_csms` is false for what the station itself sets (external constraints). Whether the transaction of a
    /// `TxProfile` runs is for the caller to know.
    ///
    /// # Errors
    /// Why the profile is refused; the store is then unchanged.
    pub fn install(
        &mut self,
        profile: &Profile<'_>,
        by_csms: bool,
    ) -> Result<Installed, InstallError> {
        self.validate(profile, by_csms)?;
        let replaces = |old: &Profile<'_>| self.replaces(profile, old);
        let old = self.slots.iter().flatten();
        let (mut freed, mut freed_periods) = (0, 0);
        let (mut used, mut used_periods) = (0, 0);
        for slot in old {
            if replaces(&slot.profile) {
                freed += 1;
                freed_periods += slot.count;
            }
            used += 1;
            used_periods += slot.count;
        }
        let count = profile.periods.len();
        if used - freed >= PROFILES || used_periods - freed_periods + count > PERIODS {
            return Err(InstallError::Full);
        }
        let transaction = match profile.transaction {
            None => None,
            Some(id) => {
                let mut bytes = [0; ID_BYTES];
                let length = id.copy_to(&mut bytes).ok_or(InstallError::Full)?.len();
                Some((bytes, length))
            }
        };
        let version = self.version;
        self.retain(|old| !same_place(version, profile, old));
        let first = used_periods - freed_periods;
        if let Some(room) = self.periods.get_mut(first..first + count) {
            room.copy_from_slice(profile.periods);
        }
        let profile = detached(profile);
        if let Some(slot) = self.slots.iter_mut().find(|slot| slot.is_none()) {
            *slot = Some(Slot { profile, transaction, first, count });
        }
        Ok(Installed { replaced: freed })
    }

    fn replaces(&self, new: &Profile<'_>, old: &Profile<'_>) -> bool {
        same_place(self.version, new, old)
    }

    /// The rules that a profile must keep by itself, then those towards the profiles that are there.
    fn validate(&self, profile: &Profile<'_>, by_csms: bool) -> Result<(), InstallError> {
        check_profile(profile, by_csms)?;
        profile.periods.iter().try_for_each(|period| check_period(profile, period))?;
        if by_csms && self.max_external_id.is_some_and(|max| profile.id <= max) {
            return Err(InstallError::ReservedId);
        }
        if self.version == Version::V16 {
            return Ok(());
        }
        let conflict = self.slots.iter().flatten().map(|slot| &slot.profile).find(|old| {
            let same_level =
                old.purpose == profile.purpose && old.stack_level == profile.stack_level;
            let split =
                profile.purpose == Purpose::TxDefault && (old.evse == 0) != (profile.evse == 0);
            let same_evse = old.evse == profile.evse && overlap(old, profile);
            old.id != profile.id && same_level && (split || same_evse)
        });
        conflict.map_or(Ok(()), |old| Err(InstallError::Conflict { id: old.id }))
    }

    /// `UpdateDynamicSchedule`, or the answer to `PullDynamicScheduleUpdate` (2.1): new values for a dynamic profile,
    /// from `now` (seconds since 1970) on. Of `values` only the rates count.
    ///
    /// # Errors
    /// No dynamic profile has this id, or a set-point lies outside its limits; nothing has changed then.
    pub fn update_dynamic(
        &mut self,
        id: i64,
        now: i64,
        values: &Period,
    ) -> Result<(), InstallError> {
        let dynamic =
            |slot: &&mut Slot| slot.profile.id == id && slot.profile.kind == ProfileKind::Dynamic;
        let slot = self.slots.iter_mut().flatten().find(dynamic).ok_or(InstallError::Dynamic)?;
        let period = self.periods.get_mut(slot.first).ok_or(InstallError::Dynamic)?;
        let Period { limit, discharge_limit, setpoint, l2, l3, .. } = *values;
        let updated = Period { limit, discharge_limit, setpoint, l2, l3, ..*period };
        check_period(&slot.profile, &updated)?;
        *period = updated;
        slot.profile.dynamic_update = Some(now);
        Ok(())
    }

    /// The dynamic profile whose values must be asked for first, and when: `dynUpdateTime` plus `dynUpdateInterval`.
    #[must_use]
    pub fn next_dynamic_pull(&self) -> Option<(i64, i64)> {
        let profiles = self.slots.iter().flatten().map(|slot| &slot.profile);
        let pulls =
            profiles.filter(|profile| profile.kind == ProfileKind::Dynamic).filter_map(|p| {
                let every = p.dynamic_interval.filter(|every| *every > 0)?;
                Some((p.id, p.dynamic_update?.saturating_add(every)))
            });
        pulls.min_by_key(|(_, at)| *at)
    }

    /// The station was offline for so many seconds: removes what that made invalid for ever (2.1,
    /// `invalidAfterOfflineDuration`).
    pub fn back_online(&mut self, offline_seconds: i64) -> usize {
        self.retain(|profile| {
            let outlived = profile.max_offline.is_none_or(|longest| offline_seconds <= longest);
            outlived || !profile.dies_offline
        })
    }

    /// Removes the profiles that match; external constraints stay. How many were removed: 0 is answered `Unknown`.
    pub fn clear(&mut self, filter: &ClearFilter) -> usize {
        self.retain(|profile| {
            let matches = match filter.id {
                Some(id) => profile.id == id,
                None => {
                    filter.evse.is_none_or(|evse| profile.evse == evse)
                        && filter.purpose.is_none_or(|purpose| profile.purpose == purpose)
                        && filter.stack_level.is_none_or(|level| profile.stack_level == level)
                }
            };
            !matches || profile.purpose == Purpose::ExternalConstraints
        })
    }

    /// Removes the `TxProfile`s of an EVSE whose transaction has ended.
    pub fn end_transaction(&mut self, evse: i64) -> usize {
        self.retain(|profile| profile.purpose != Purpose::Tx || profile.evse != evse)
    }

    /// Keeps the profiles that `keep` says, closing the gaps; how many went.
    fn retain(&mut self, keep: impl Fn(&Profile<'_>) -> bool) -> usize {
        let old = core::mem::replace(&mut self.slots, [None; PROFILES]);
        let (mut kept, mut first, mut removed) = (0, 0, 0);
        for slot in old.into_iter().flatten() {
            if !keep(&slot.profile) {
                removed += 1;
                continue;
            }
            // Periods only ever move towards the front, so a plain forward copy is safe.
            for offset in 0..slot.count {
                if let Some(period) = self.periods.get(slot.first + offset).copied()
                    && let Some(place) = self.periods.get_mut(first + offset)
                {
                    *place = period;
                }
            }
            if let Some(place) = self.slots.get_mut(kept) {
                *place = Some(Slot { first, ..slot });
            }
            kept += 1;
            first += slot.count;
        }
        removed
    }
}

/// What a profile must keep whatever else is installed (2.x K01, 2.1 sections on dynamic and priority profiles).
fn check_profile(profile: &Profile<'_>, by_csms: bool) -> Result<(), InstallError> {
    let of_transaction = matches!(profile.purpose, Purpose::Tx | Purpose::TxDefault);
    let is_dynamic = profile.kind == ProfileKind::Dynamic;
    let is_updated = profile.dynamic_update.is_some() || profile.dynamic_interval.is_some();
    let error = match profile.purpose {
        _ if !profile.is_runnable() => InstallError::Periods,
        Purpose::StationMax if profile.evse != 0 => InstallError::Evse,
        Purpose::StationMax if profile.kind == ProfileKind::Relative => InstallError::Kind,
        Purpose::Tx if profile.evse == 0 => InstallError::Evse,
        Purpose::ExternalConstraints if by_csms => InstallError::Purpose,
        Purpose::Priority if profile.duration.is_some() => InstallError::Priority,
        _ if is_dynamic && (profile.periods.len() != 1 || profile.schedules != 1) => {
            InstallError::Dynamic
        }
        _ if is_updated && !is_dynamic => InstallError::Dynamic,
        _ if profile.longest_delay.is_some() && !of_transaction => InstallError::Delay,
        purpose if profile.schedules > 1 && purpose != Purpose::Tx => InstallError::Schedules,
        _ => return Ok(()),
    };
    Err(error)
}

/// What a period must keep by itself.
fn check_period(profile: &Profile<'_>, period: &Period) -> Result<(), InstallError> {
    let outside = |rates: Rates| {
        rates.setpoint.is_some_and(|setpoint| {
            rates.limit.is_some_and(|limit| setpoint > limit)
                || rates.discharge_limit.is_some_and(|limit| setpoint < limit)
        })
    };
    let mode = period.mode.unwrap_or(OperationMode::ChargingOnly);
    let error = if [period.l1(), period.l2, period.l3].into_iter().any(outside) {
        InstallError::SetPoint
    } else if period.phase_to_use.is_some() && period.phases != Some(1) {
        InstallError::PhaseToUse
    } else if profile.purpose == Purpose::Priority && mode != OperationMode::ChargingOnly {
        InstallError::Priority
    } else if mode == OperationMode::LocalFrequency
        && (profile.unit == RateUnit::Amperes || period.curve_points < 2)
    {
        InstallError::Frequency
    } else {
        return Ok(());
    };
    Err(error)
}

/// Whether the new profile takes the place of the old one.
fn same_place(version: Version, new: &Profile<'_>, old: &Profile<'_>) -> bool {
    // 2.1 lets an id of an external constraint occur beside one of the CSMS only if it is reserved for it.
    if (old.purpose == Purpose::ExternalConstraints)
        != (new.purpose == Purpose::ExternalConstraints)
    {
        return false;
    }
    let same_stack =
        old.evse == new.evse && old.purpose == new.purpose && old.stack_level == new.stack_level;
    old.id == new.id || version == Version::V16 && same_stack
}

/// Whether two profiles are valid at the same time.
fn overlap(a: &Profile<'_>, b: &Profile<'_>) -> bool {
    let from = |p: &Profile<'_>| p.valid_from.unwrap_or(i64::MIN);
    let to = |p: &Profile<'_>| p.valid_to.unwrap_or(i64::MAX);
    from(a) < to(b) && from(b) < to(a)
}

/// The same profile without what it borrowed.
const fn detached(profile: &Profile<'_>) -> Profile<'static> {
    Profile {
        evse: profile.evse,
        id: profile.id,
        stack_level: profile.stack_level,
        purpose: profile.purpose,
        kind: profile.kind,
        valid_from: profile.valid_from,
        valid_to: profile.valid_to,
        transaction: None,
        max_offline: profile.max_offline,
        dies_offline: profile.dies_offline,
        start: profile.start,
        duration: profile.duration,
        unit: profile.unit,
        periods: &[],
        use_local_time: profile.use_local_time,
        dynamic_update: profile.dynamic_update,
        dynamic_interval: profile.dynamic_interval,
        limit_at_soc: profile.limit_at_soc,
        longest_delay: profile.longest_delay,
        delay: profile.delay,
        schedules: profile.schedules,
    }
}
