// @ts-check
/** One soft sound, for who asked for it: it is your turn, or somebody wrote to you alone. Nothing is fetched for it. */

const PITCH = 528;
const SECONDS = 1.2;

/** @type {AudioContext | undefined} */
let context;

export function chime() {
  context ??= new AudioContext();
  const volume = context.createGain();
  const tone = context.createOscillator();
  const now = context.currentTime;
  tone.frequency.value = PITCH;
  volume.gain.setValueAtTime(0.0001, now);
  volume.gain.exponentialRampToValueAtTime(0.12, now + 0.05);
  volume.gain.exponentialRampToValueAtTime(0.0001, now + SECONDS);
  tone.connect(volume).connect(context.destination);
  tone.start(now);
  tone.stop(now + SECONDS);
}
