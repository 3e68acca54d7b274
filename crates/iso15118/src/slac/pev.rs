//! The vehicle's side of the matching.

use super::{
    AttenCharRsp, Body, Failure, Frame, Instant, KeyBytes, Mac, MnbcSoundInd, RETRIES, SOUNDS,
    START_INDICATIONS, SetKeyReq, SlacMatchReq, SlacParmReq, SlacTimer, SlacTimers,
    StartAttenCharInd,
};

/// What a vehicle settles before a matching.
#[derive(Debug, Clone, Copy)]
pub struct PevSettings {
    /// Its own address.
    pub mac: Mac,
    /// Drawn at random for every matching.
    pub run_id: [u8; 8],
    /// Drawn at random, for the sounds.
    pub random: [u8; 16],
    /// Drawn at random, for the message to the modem.
    pub nonce: [u8; 4],
    /// When a charger is taken for the own one.
    pub rules: AttenuationRules,
    /// The timers.
    pub timers: SlacTimers,
}

/// When a charger is taken for the own one, by its mean attenuation in dB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttenuationRules {
    /// Up to this it is the own one for sure.
    pub direct: u8,
    /// Up to this it may be; above, it is a neighbour's.
    pub ambiguous: u8,
    /// Whether the nearest one that may be is taken.
    pub accept_ambiguous: bool,
}

impl AttenuationRules {
    /// 10 dB and 20 dB, from memory of the standard; captured vehicles match at 15 to 25 dB, so what may be is taken.
    pub const CUSTOMARY: Self = Self { direct: 10, ambiguous: 20, accept_ambiguous: true };
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PevEvent {
    /// A charger is chosen.
    Chosen {
        /// The charger.
        evse: Mac,
        /// Its mean attenuation, dB.
        attenuation: u8,
        /// Sure, or only the nearest.
        is_direct: bool,
    },
    /// The key is here and on its way to the modem; the host waits for it and calls [`Pev::link_up`].
    Matched {
        /// Network identifier.
        nid: [u8; 7],
        /// Network membership key.
        nmk: KeyBytes,
    },
    /// The modems have joined.
    Joined,
    /// It failed; the vehicle may begin again with another run id.
    Failed(Failure),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// The request is sent, for the parameters of a charger.
    Parameters,
    /// Start indications and sounds are sent; so many are left.
    Sounding(u8),
    /// For the results of the chargers.
    Results,
    /// A charger is chosen, for its key.
    Key,
    /// The key is given to the modem.
    Joining,
    Over,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Send {
    Request,
    Start,
    Sound(u8),
    Receipt(Mac),
    Choice,
    SetKey,
}

/// The vehicle's side of the matching.
#[derive(Debug)]
pub struct Pev {
    settings: PevSettings,
    step: Step,
    tries: u8,
    /// Until when results are collected.
    results_by: Instant,
    /// The nearest charger so far and its mean attenuation in dB.
    nearest: Option<(Mac, u8)>,
    key: Option<([u8; 7], KeyBytes)>,
    /// What is sent, in order; receipts of results may meet a sound.
    send: [Option<Send>; 3],
    deadline: Option<(Instant, SlacTimer)>,
    events: [Option<PevEvent>; 2],
}

impl Pev {
    /// A matching that begins now.
    #[must_use]
    pub fn new(settings: PevSettings, now: Instant) -> Self {
        let mut pev = Self {
            settings,
            step: Step::Parameters,
            tries: 0,
            results_by: now,
            nearest: None,
            key: None,
            send: [Some(Send::Request), None, None],
            deadline: None,
            events: [None; 2],
        };
        pev.wait(now, SlacTimer::MatchResponse);
        pev
    }

    /// A frame of a charger or of the own modem; those of other matchings and with other messages are passed over.
    pub fn handle_frame(&mut self, now: Instant, frame: &Frame<'_>) {
        self.handle_timeout(now);
        let run_id = self.settings.run_id;
        match (&frame.body, self.step) {
            (Body::SlacParmCnf(message), Step::Parameters) if message.run_id == run_id => {
                let all = START_INDICATIONS + SOUNDS;
                self.step = Step::Sounding(all);
                let results = self.settings.timers.millis(SlacTimer::AttenuationResults);
                self.results_by = now.after(results);
                self.sound(now);
            }
            // A charger may have heard enough before the last sound.
            (Body::AttenCharInd(message), Step::Sounding(_) | Step::Results)
                if message.run_id == run_id && message.source == self.settings.mac =>
            {
                self.note(frame.source, message.groups.0, message.sounds);
                self.queue(Send::Receipt(frame.source));
            }
            (Body::SlacMatchCnf(message), Step::Key)
                if message.run_id == run_id
                    && message.pev == self.settings.mac
                    && self.nearest.is_some_and(|(evse, _)| evse == frame.source) =>
            {
                self.key = Some((message.nid, message.nmk));
                self.queue(Send::SetKey);
                self.event(PevEvent::Matched { nid: message.nid, nmk: message.nmk });
                self.step = Step::Joining;
                self.wait(now, SlacTimer::Join);
            }
            _ => {}
        }
    }

    /// Keeps the nearest charger.
    fn note(&mut self, evse: Mac, groups: &[u8], sounds: u8) {
        if groups.is_empty() || sounds == 0 {
            return;
        }
        let sum: u32 = groups.iter().map(|group| u32::from(*group)).sum();
        let mean = (sum / groups.len() as u32).min(255) as u8;
        let others = self.nearest.filter(|(other, _)| *other != evse);
        self.nearest = match others {
            Some((other, least)) if least <= mean => Some((other, least)),
            _ => Some((evse, mean)),
        };
    }

    /// Sends the next start indication or sound.
    fn sound(&mut self, now: Instant) {
        let Step::Sounding(left) = self.step else { return };
        let left = left.saturating_sub(1);
        self.queue(if left >= SOUNDS { Send::Start } else { Send::Sound(left) });
        if left > 0 {
            self.step = Step::Sounding(left);
            self.wait(now, SlacTimer::BatchInterval);
        } else {
            self.step = Step::Results;
            self.deadline = Some((self.results_by, SlacTimer::AttenuationResults));
        }
    }

    /// All results are here.
    fn choose(&mut self, now: Instant) {
        let rules = self.settings.rules;
        match self.nearest {
            None => self.fail(Failure::TimedOut(SlacTimer::AttenuationResults)),
            Some((_, mean)) if mean > rules.ambiguous => self.fail(Failure::NotFound),
            Some((_, mean)) if mean > rules.direct && !rules.accept_ambiguous => {
                self.fail(Failure::Ambiguous);
            }
            Some((evse, attenuation)) => {
                let is_direct = attenuation <= rules.direct;
                self.event(PevEvent::Chosen { evse, attenuation, is_direct });
                self.tries = 0;
                self.queue(Send::Choice);
                self.step = Step::Key;
                self.wait(now, SlacTimer::MatchResponse);
            }
        }
    }

    /// The host's modem has joined the network.
    pub fn link_up(&mut self) {
        if self.step == Step::Joining {
            self.step = Step::Over;
            self.deadline = None;
            self.event(PevEvent::Joined);
        }
    }

    /// Time has passed.
    pub fn handle_timeout(&mut self, now: Instant) {
        let Some((_, timer)) = self.deadline.filter(|(deadline, _)| *deadline <= now) else {
            return;
        };
        let again = self.tries < RETRIES;
        match self.step {
            Step::Sounding(_) => self.sound(now),
            Step::Results => self.choose(now),
            Step::Parameters if again => {
                self.tries += 1;
                self.queue(Send::Request);
                self.wait(now, SlacTimer::MatchResponse);
            }
            Step::Key if again => {
                self.tries += 1;
                self.queue(Send::Choice);
                self.wait(now, SlacTimer::MatchResponse);
            }
            _ => self.fail(Failure::TimedOut(timer)),
        }
    }

    /// When [`Pev::handle_timeout`] has something to do.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.deadline.map(|(deadline, _)| deadline)
    }

    /// Writes the next frame to send into `out`, which needs 85 octets, and gives its length.
    pub fn poll_transmit(&mut self, out: &mut [u8]) -> Option<usize> {
        let send = self.send.first_mut()?.take()?;
        self.send.rotate_left(1);
        let (application, security) = (0, 0);
        let PevSettings { mac, run_id, mut random, nonce, .. } = self.settings;
        let (evse, _) = self.nearest.unwrap_or((Mac::BROADCAST, 0));
        let (destination, body) = match send {
            Send::Request => {
                let message = SlacParmReq { application, security, run_id };
                (Mac::BROADCAST, Body::SlacParmReq(message))
            }
            Send::Start => {
                let message = StartAttenCharInd {
                    application,
                    security,
                    sounds: SOUNDS,
                    timeout: 6,
                    response_type: 1,
                    forwarding: mac,
                    run_id,
                };
                (Mac::BROADCAST, Body::StartAttenCharInd(message))
            }
            Send::Sound(countdown) => {
                let [first, ..] = &mut random;
                *first ^= countdown;
                let message = MnbcSoundInd {
                    application,
                    security,
                    sender_id: [0; 17],
                    countdown,
                    run_id,
                    reserved: [0; 8],
                    random,
                };
                (Mac::BROADCAST, Body::MnbcSoundInd(message))
            }
            Send::Receipt(evse) => {
                let message = AttenCharRsp {
                    application,
                    security,
                    source: mac,
                    run_id,
                    source_id: [0; 17],
                    response_id: [0; 17],
                    result: 0,
                };
                (evse, Body::AttenCharRsp(message))
            }
            Send::Choice => {
                let message = SlacMatchReq {
                    application,
                    security,
                    length: 62,
                    pev_id: [0; 17],
                    pev: mac,
                    evse_id: [0; 17],
                    evse,
                    run_id,
                    reserved: [0; 8],
                };
                (evse, Body::SlacMatchReq(message))
            }
            Send::SetKey => {
                let (nid, key) = self.key?;
                let message = SetKeyReq {
                    key_type: 1,
                    my_nonce: nonce,
                    your_nonce: [0; 4],
                    pid: 4,
                    prn: [0; 2],
                    pmn: 0,
                    cco: 0,
                    nid,
                    new_eks: 1,
                    key,
                };
                (Mac::LOCAL_MODEM, Body::SetKeyReq(message))
            }
        };
        Frame::new(destination, mac, body).encode(out).ok()
    }

    /// What happened.
    pub fn poll_event(&mut self) -> Option<PevEvent> {
        let event = self.events.first_mut()?.take();
        self.events.rotate_left(1);
        event
    }

    fn queue(&mut self, send: Send) {
        if let Some(slot) = self.send.iter_mut().find(|slot| slot.is_none()) {
            *slot = Some(send);
        }
    }

    fn event(&mut self, event: PevEvent) {
        if let Some(slot) = self.events.iter_mut().find(|slot| slot.is_none()) {
            *slot = Some(event);
        }
    }

    fn wait(&mut self, now: Instant, timer: SlacTimer) {
        self.deadline = Some((now.after(self.settings.timers.millis(timer)), timer));
    }

    fn fail(&mut self, failure: Failure) {
        self.step = Step::Over;
        self.deadline = None;
        self.send = [None; 3];
        self.event(PevEvent::Failed(failure));
    }
}
