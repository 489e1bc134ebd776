export const channels = ['batch_manifest', 'qa_structural', 'qa_content', 'qa_domain', 'batch_report'] as const;
export type Channel = (typeof channels)[number];

/**
 * When a channel may be posted to. Discord bans callers that go on in spite of its answers, and one that is down or
 * hangs must not take the slots of calls to GoFlow: a failing channel is tried by one post at a time.
 */
export interface DiscordGate {
  /** How long to wait before the next post, in ms; 0: now. */
  heldForMs(channel: Channel): number;
  /** False: its webhook does not exist, as far as we know. */
  exists(channel: Channel): boolean;
  entered(channel: Channel): void;
  left(channel: Channel): void;
  took(channel: Channel): void;
  /** Of one channel, or of all (a global limit). */
  pause(channel: Channel | 'all', ms: number): void;
  /** @returns when to try again: 2 s, doubled with each failure in a row up to 15 min */
  failed(channel: Channel): number;
  /** @returns false when that is known already */
  gone(channel: Channel): boolean;
}

const firstPauseMs = 2_000;
const maxPauseMs = 900_000;
const postsAtOnce = 4;
const turnMs = 1_000;
/** A webhook that does not exist is asked for again after so long: the 404 may have been a proxy's. */
const goneMs = 3_600_000;

export function createDiscordGate(nowMs: () => number = Date.now): DiscordGate {
  const states = new Map<Channel | 'all', ChannelState>();
  const stateOf = (channel: Channel | 'all') => {
    const state = states.get(channel) ?? { posting: 0, failures: 0, pausedUntilMs: 0, goneUntilMs: 0, isSaid: false };
    states.set(channel, state);
    return state;
  };
  const pause = (channel: Channel | 'all', ms: number) => {
    const state = stateOf(channel);
    state.pausedUntilMs = Math.max(state.pausedUntilMs, nowMs() + Math.min(ms, maxPauseMs));
  };
  return {
    pause,
    heldForMs(channel) {
      const { posting, failures, pausedUntilMs } = stateOf(channel);
      const pauseMs = Math.max(pausedUntilMs, stateOf('all').pausedUntilMs) - nowMs();
      if (pauseMs > 0) return pauseMs;
      return posting >= (failures > 0 ? 1 : postsAtOnce) ? turnMs : 0;
    },
    exists: (channel) => nowMs() >= stateOf(channel).goneUntilMs,
    entered: (channel) => void (stateOf(channel).posting += 1),
    left: (channel) => void (stateOf(channel).posting -= 1),
    took: (channel) => void Object.assign(stateOf(channel), { failures: 0, isSaid: false }),
    failed(channel) {
      const state = stateOf(channel);
      const pauseMs = Math.min(maxPauseMs, firstPauseMs * 2 ** state.failures);
      state.failures = Math.min(state.failures + 1, 30);
      pause(channel, pauseMs);
      return pauseMs;
    },
    gone(channel) {
      const state = stateOf(channel);
      const isNews = !state.isSaid;
      Object.assign(state, { goneUntilMs: nowMs() + goneMs, isSaid: true });
      return isNews;
    },
  };
}

interface ChannelState {
  posting: number;
  /** In a row. */
  failures: number;
  pausedUntilMs: number;
  goneUntilMs: number;
  /** That its webhook is gone. */
  isSaid: boolean;
}
