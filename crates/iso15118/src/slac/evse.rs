//! The charger's side of the matching.

use super::{
    AttenCharInd, Body, Failure, Frame, GROUPS, Groups, Instant, KeyBytes, Mac, RETRIES, SOUNDS,
    SlacMatchCnf, SlacParmCnf, SlacTimer, SlacTimers,
};

/// What a charger settles before a matching.
#[derive(Debug, Clone, Copy)]
pub struct EvseSettings {
    /// Its own address.
    pub mac: Mac,
    /// The identifier of its network.
    pub nid: [u8; 7],
    /// The key of its network, drawn at random for every vehicle.
    pub nmk: KeyBytes,
    /// What the way from the modem to the inlet takes, dB; subtracted from every group.
    pub path_loss: u8,
    /// The timers.
    pub timers: SlacTimers,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EvseEvent {
    /// A vehicle has chosen this charger and has the key; the host waits for its modem and calls [`Evse::link_up`].
    Matched {
        /// The vehicle.
        pev: Mac,
    },
    /// The modems have joined.
    Joined,
    /// It failed; the charger may begin again, or go on without (basic signalling).
    Failed(Failure),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// For the first message of a vehicle.
    Waiting,
    /// The parameters are sent, for the start indication.
    Parameters,
    /// Sounds are collected.
    Sounding,
    /// The result is sent, for the vehicle's receipt.
    Result,
    /// The vehicle has the result, for its choice.
    Choice,
    /// The key is sent, for the modems.
    Joining,
    Over,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Send {
    Parameters,
    Result,
    Key,
}

/// The charger's side of the matching: one vehicle, from plugging in to the joined network.
#[derive(Debug)]
pub struct Evse {
    settings: EvseSettings,
    step: Step,
    pev: Mac,
    run_id: [u8; 8],
    /// Sums of the attenuations over the sounds heard.
    sums: [u16; GROUPS],
    heard: u8,
    tries: u8,
    send: Option<Send>,
    deadline: Option<(Instant, SlacTimer)>,
    event: Option<EvseEvent>,
}

impl Evse {
    /// A matching that begins when a vehicle is plugged in.
    #[must_use]
    pub fn new(settings: EvseSettings, now: Instant) -> Self {
        let mut evse = Self {
            settings,
            step: Step::Waiting,
            pev: Mac::BROADCAST,
            run_id: [0; 8],
            sums: [0; GROUPS],
            heard: 0,
            tries: 0,
            send: None,
            deadline: None,
            event: None,
        };
        evse.wait(now, SlacTimer::Init);
        evse
    }

    /// A frame of the vehicle or of the own modem; those of other matchings and with other messages are passed over.
    pub fn handle_frame(&mut self, now: Instant, frame: &Frame<'_>) {
        self.handle_timeout(now);
        match (&frame.body, self.step) {
            // A vehicle may begin again at any time before it has the key.
            (Body::SlacParmReq(message), step)
                if (message.application, message.security) == (0, 0)
                    && !matches!(step, Step::Joining | Step::Over) =>
            {
                self.pev = frame.source;
                self.run_id = message.run_id;
                self.sums = [0; GROUPS];
                (self.heard, self.tries) = (0, 0);
                self.send = Some(Send::Parameters);
                self.go(Step::Parameters, now, SlacTimer::MatchSequence);
            }
            (Body::StartAttenCharInd(message), Step::Parameters)
                if self.is_ours(frame.source, message.run_id) =>
            {
                self.go(Step::Sounding, now, SlacTimer::SoundingWindow);
            }
            (Body::AttenProfileInd(message), Step::Sounding) if message.pev == self.pev => {
                self.hear(message.groups.groups);
                if self.heard == SOUNDS {
                    self.finish_sounding(now);
                }
            }
            (Body::AttenCharRsp(message), Step::Result)
                if self.is_ours(frame.source, message.run_id) && message.result == 0 =>
            {
                self.go(Step::Choice, now, SlacTimer::MatchSession);
            }
            // The vehicle may not have heard the first confirmation.
            (Body::SlacMatchReq(message), Step::Choice | Step::Joining)
                if self.is_ours(frame.source, message.run_id)
                    && message.evse == self.settings.mac =>
            {
                self.send = Some(Send::Key);
                if self.step == Step::Choice {
                    self.event = Some(EvseEvent::Matched { pev: self.pev });
                    self.go(Step::Joining, now, SlacTimer::Join);
                }
            }
            _ => {}
        }
    }

    fn is_ours(&self, source: Mac, run_id: [u8; 8]) -> bool {
        source == self.pev && run_id == self.run_id
    }

    /// A profile without groups says nothing.
    fn hear(&mut self, groups: &[u8]) {
        if groups.is_empty() {
            return;
        }
        for (sum, group) in self.sums.iter_mut().zip(groups) {
            *sum += u16::from(group.saturating_sub(self.settings.path_loss));
        }
        self.heard += 1;
    }

    fn finish_sounding(&mut self, now: Instant) {
        if self.heard == 0 {
            self.fail(Failure::NoSounds);
            return;
        }
        self.tries = 0;
        self.send = Some(Send::Result);
        self.go(Step::Result, now, SlacTimer::MatchResponse);
    }

    /// The host's modem has joined the network.
    pub fn link_up(&mut self) {
        if self.step == Step::Joining {
            self.step = Step::Over;
            self.deadline = None;
            self.event = Some(EvseEvent::Joined);
        }
    }

    /// Time has passed.
    pub fn handle_timeout(&mut self, now: Instant) {
        let Some((deadline, timer)) = self.deadline.filter(|(deadline, _)| *deadline <= now) else {
            return;
        };
        match self.step {
            Step::Sounding => self.finish_sounding(deadline.max(now)),
            Step::Result if self.tries < RETRIES => {
                self.tries += 1;
                self.send = Some(Send::Result);
                self.wait(now, SlacTimer::MatchResponse);
            }
            _ => self.fail(Failure::TimedOut(timer)),
        }
    }

    /// When [`Evse::handle_timeout`] has something to do.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.deadline.map(|(deadline, _)| deadline)
    }

    /// Writes the next frame to send into `out`, which needs 117 octets, and gives its length.
    pub fn poll_transmit(&mut self, out: &mut [u8]) -> Option<usize> {
        let send = self.send.take()?;
        let (application, security, run_id) = (0, 0, self.run_id);
        let mut means = [0; GROUPS];
        for (mean, sum) in means.iter_mut().zip(self.sums) {
            let rounded = (sum + u16::from(self.heard) / 2) / u16::from(self.heard.max(1));
            *mean = rounded.min(255) as u8;
        }
        let body = match send {
            Send::Parameters => Body::SlacParmCnf(SlacParmCnf {
                target: Mac::BROADCAST,
                sounds: SOUNDS,
                timeout: 6,
                response_type: 1,
                forwarding: self.pev,
                application,
                security,
                run_id,
            }),
            Send::Result => Body::AttenCharInd(AttenCharInd {
                application,
                security,
                source: self.pev,
                run_id,
                source_id: [0; 17],
                response_id: [0; 17],
                sounds: self.heard,
                groups: Groups(&means),
            }),
            Send::Key => Body::SlacMatchCnf(SlacMatchCnf {
                application,
                security,
                length: 86,
                pev_id: [0; 17],
                pev: self.pev,
                evse_id: [0; 17],
                evse: self.settings.mac,
                run_id,
                reserved: [0; 8],
                nid: self.settings.nid,
                reserved2: 0,
                nmk: self.settings.nmk,
            }),
        };
        Frame::new(self.pev, self.settings.mac, body).encode(out).ok()
    }

    /// What happened.
    pub fn poll_event(&mut self) -> Option<EvseEvent> {
        self.event.take()
    }

    fn go(&mut self, step: Step, now: Instant, timer: SlacTimer) {
        self.step = step;
        self.wait(now, timer);
    }

    fn wait(&mut self, now: Instant, timer: SlacTimer) {
        self.deadline = Some((now.after(self.settings.timers.millis(timer)), timer));
    }

    fn fail(&mut self, failure: Failure) {
        self.step = Step::Over;
        self.deadline = None;
        self.send = None;
        self.event = Some(EvseEvent::Failed(failure));
    }
}
