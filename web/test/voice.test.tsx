// @vitest-environment happy-dom
import { act, cleanup, fireEvent, renderHook, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { bitsPerSecond, chooseFormat, isVoiceFormat, mostBytes, mostSeconds } from "../features/voice/limits.ts";
import { nextSpeed, stopPlayback, usePlayback } from "../features/voice/playback.ts";
import { RecordButton } from "../features/voice/record-button.tsx";
import { startRecording, VoiceError } from "../features/voice/recorder.ts";
import { RecorderBar, RecorderProblem } from "../features/voice/recorder-bar.tsx";
import { type RecorderModel, type RecorderState, useRecorder } from "../features/voice/use-recorder.ts";
import { VoiceMessage } from "../features/voice/voice-message.tsx";
import { bars, drawable, levelOf, toWaveform } from "../features/voice/waveform.ts";
import en from "../messages/en.json" with { type: "json" };
import { settle } from "./fake-client.ts";
import { FakeAudio, fakeRecorder } from "./fake-recorder.ts";
import { show } from "./show.tsx";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  FakeAudio.all = [];
  vi.stubGlobal("Audio", FakeAudio);
});
afterEach(() => {
  cleanup();
  stopPlayback();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("limits", () => {
  test("two minutes at our rate leave an eighth of the space for the container", () => {
    expect((bitsPerSecond / 8) * mostSeconds).toBeLessThanOrEqual(mostBytes * 0.875);
  });

  test("Opus comes first; nothing is chosen where nothing works", () => {
    expect(chooseFormat(() => true)).toBe("audio/webm;codecs=opus");
    expect(chooseFormat((mime) => mime === "audio/mp4")).toBe("audio/mp4");
    expect(chooseFormat(() => false)).toBeUndefined();
  });

  test.each(["text/html", "audio/webm;codecs=opus;x", "video/webm", "audio/mpeg", "audio/webm\n", ""])(
    "%j is never played",
    (mime) => expect(isVoiceFormat(mime)).toBe(false),
  );

  test.each(["audio/webm;codecs=opus", "audio/webm; codecs=opus", "audio/mp4", 'audio/mp4;codecs="mp4a.40.2"'])(
    "%j is played",
    (mime) => expect(isVoiceFormat(mime)).toBe(true),
  );
});

describe("waveforms", () => {
  test("silence is low, full sound is high, and nothing is nothing", () => {
    expect(levelOf(new Float32Array(8))).toBe(0);
    expect(levelOf(new Float32Array(8).fill(1))).toBe(1);
    expect(levelOf(new Float32Array())).toBe(0);
  });

  test("at most 64 whole bars between 0 and 100, the loudest at the top", () => {
    const waveform = toWaveform(Array.from({ length: 2_400 }, (_, index) => Math.abs(Math.sin(index / 50)) / 2));
    expect(waveform).toHaveLength(bars);
    expect(Math.max(...waveform)).toBe(100);
    for (const bar of waveform) expect(Number.isInteger(bar) && bar >= 0 && bar <= 100).toBe(true);
    expect(toWaveform([0.1, 0.2])).toEqual([50, 100]);
    expect(toWaveform([])).toEqual([]);
    expect(toWaveform([0, 0])).toEqual([0, 0]);
  });

  test("what came from outside is brought within bounds", () => {
    expect(drawable([Number.NaN, -5, 900, 50])).toEqual([0, 0, 100, 50]);
    expect(drawable([])).toEqual([0]);
    expect(drawable(Array(10_000).fill(1))).toHaveLength(bars);
  });
});

describe("recording", () => {
  const events = () => ({ onLevel: vi.fn(), onFull: vi.fn() });

  test.each([
    ["NotAllowedError", "denied"],
    ["NotFoundError", "missing"],
    ["NotReadableError", "busy"],
    ["TypeError", "failed"],
  ])("%s is said as %s", async (name, problem) => {
    fakeRecorder({ refuse: name });
    await expect(startRecording("", events())).rejects.toMatchObject({ problem });
  });

  test("a browser that cannot record says so without asking for the microphone", async () => {
    const { getUserMedia } = fakeRecorder({ supported: false });
    await expect(startRecording("", events())).rejects.toEqual(new VoiceError("unsupported"));
    expect(getUserMedia).not.toHaveBeenCalled();
  });

  test("what was said comes out with its length and shape, and the microphone is let go", async () => {
    const { recorders, track } = fakeRecorder();
    const heard = events();
    const recording = await startRecording("", heard);
    vi.advanceTimersByTime(2_000);
    recorders[0]?.give(1_000);
    const clip = await recording.finish();
    expect(clip).toMatchObject({ mime: "audio/webm;codecs=opus", seconds: 2 });
    expect(clip.audio).toHaveLength(1_000);
    expect(clip.waveform).toHaveLength(40);
    expect(heard.onLevel).toHaveBeenCalledTimes(40);
    expect(recorders[0]?.settings.audioBitsPerSecond).toBe(bitsPerSecond);
    expect(track.stop).toHaveBeenCalled();
  });

  test("it ends by itself after two minutes, once", async () => {
    const { track } = fakeRecorder();
    const heard = events();
    await startRecording("", heard);
    vi.advanceTimersByTime(mostSeconds * 1_000 + 5_000);
    expect(heard.onFull).toHaveBeenCalledOnce();
    expect(track.stop).toHaveBeenCalled();
  });

  test("it ends before the bytes are too many, whatever the browser makes of the rate", async () => {
    const { recorders } = fakeRecorder();
    const heard = events();
    const recording = await startRecording("", heard);
    vi.advanceTimersByTime(5_000);
    for (let part = 0; part < 10 && recorders[0]?.state === "recording"; part++) recorders[0]?.give(30_000);
    expect(heard.onFull).toHaveBeenCalledOnce();
    recorders[0]?.give(30_000);
    expect((await recording.finish()).audio.length).toBeLessThanOrEqual(mostBytes);
  });

  test("nothing recorded is no message", async () => {
    fakeRecorder();
    const recording = await startRecording("", events());
    await expect(recording.finish()).rejects.toMatchObject({ problem: "failed" });
  });

  test("a microphone that is pulled out ends it", async () => {
    const { track } = fakeRecorder();
    const heard = events();
    await startRecording("", heard);
    vi.advanceTimersByTime(1_000);
    track.onended?.();
    expect(heard.onFull).toHaveBeenCalledOnce();
  });
});

describe("the recorder of a composer", () => {
  const begin = async () => {
    const fake = fakeRecorder();
    const hook = renderHook(() => useRecorder());
    act(() => hook.result.current.start());
    expect(hook.result.current.state.phase).toBe("asking");
    await act(settle);
    return { ...fake, hook };
  };

  test("records, shows how loud and how long, and gives the clip", async () => {
    const { hook, recorders } = await begin();
    act(() => void vi.advanceTimersByTime(3_000));
    expect(hook.result.current.state).toMatchObject({ phase: "recording", seconds: 3, full: false });
    recorders[0]?.give(2_000);
    const clip = await act(() => hook.result.current.finish());
    expect(clip?.seconds).toBe(3);
    expect(hook.result.current.state).toEqual({ phase: "idle" });
  });

  test("a slip of the finger sends nothing", async () => {
    const { hook, recorders } = await begin();
    act(() => void vi.advanceTimersByTime(300));
    recorders[0]?.give(100);
    expect(await act(() => hook.result.current.finish())).toBeUndefined();
  });

  test("cancelling while the microphone is still opening lets it go", async () => {
    const { track } = fakeRecorder();
    const hook = renderHook(() => useRecorder());
    act(() => hook.result.current.start());
    act(() => hook.result.current.cancel());
    await act(settle);
    expect(hook.result.current.state).toEqual({ phase: "idle" });
    expect(track.stop).toHaveBeenCalled();
  });

  test("leaving the conversation lets the microphone go", async () => {
    const { hook, track } = await begin();
    hook.unmount();
    await settle();
    expect(track.stop).toHaveBeenCalled();
  });

  test("a refusal is kept until the next try", async () => {
    fakeRecorder({ refuse: "NotAllowedError" });
    const hook = renderHook(() => useRecorder());
    act(() => hook.result.current.start());
    await act(settle);
    expect(hook.result.current.state).toEqual({ phase: "idle", problem: "denied" });
    act(() => hook.result.current.start());
    expect(hook.result.current.state).toEqual({ phase: "asking" });
    await act(settle);
  });
});

function model(state: RecorderState, clip: unknown = { seconds: 2 }): RecorderModel {
  return { state, start: vi.fn(), cancel: vi.fn(), finish: vi.fn(async () => clip as never) };
}
const recording: RecorderState = { phase: "recording", seconds: 64, levels: [0.2, 0.9], full: false };

describe("the record button", () => {
  const button = (recorder: RecorderModel) => {
    const onClip = vi.fn();
    show(<RecordButton recorder={recorder} onClip={onClip} onSlide={() => {}} />);
    const element = screen.getByRole("button");
    element.setPointerCapture = () => {};
    return { onClip, element };
  };
  const pointer = (type: "pointerDown" | "pointerMove" | "pointerUp", element: Element, clientX: number) =>
    fireEvent[type](element, { clientX, button: 0, pointerId: 1 });

  test("sliding away cancels, and letting go then sends nothing", async () => {
    const recorder = model({ phase: "idle" });
    const { element, onClip } = button(recorder);
    pointer("pointerDown", element, 300);
    expect(recorder.start).toHaveBeenCalledOnce();
    pointer("pointerMove", element, 200);
    expect(recorder.cancel).toHaveBeenCalledOnce();
    pointer("pointerUp", element, 200);
    await settle();
    expect(onClip).not.toHaveBeenCalled();
  });

  test("a tap lets the recording go on; the next press sends it", async () => {
    const idle = model({ phase: "idle" });
    const first = button(idle);
    pointer("pointerDown", first.element, 300);
    pointer("pointerUp", first.element, 300);
    await settle();
    expect(idle.finish).not.toHaveBeenCalled();
    cleanup();
    const on = button(model(recording));
    pointer("pointerDown", on.element, 300);
    pointer("pointerUp", on.element, 300);
    await settle();
    expect(on.onClip).toHaveBeenCalledOnce();
  });

  test("letting go to allow the microphone does not send, and recording goes on", async () => {
    const recorder = model({ phase: "asking" });
    const idle = model({ phase: "idle" });
    const onClip = vi.fn();
    const parts = { onClip, onSlide: () => {} };
    const { rerender } = show(<RecordButton recorder={idle} {...parts} />);
    const element = screen.getByRole("button");
    element.setPointerCapture = () => {};
    pointer("pointerDown", element, 300);
    rerender(<RecordButton recorder={recorder} {...parts} />);
    pointer("pointerUp", element, 300);
    await settle();
    expect(recorder.finish).not.toHaveBeenCalled();
    expect(recorder.cancel).not.toHaveBeenCalled();
  });

  test("Enter and a screen reader start and send", async () => {
    const idle = model({ phase: "idle" });
    fireEvent.click(button(idle).element);
    expect(idle.start).toHaveBeenCalledOnce();
    cleanup();
    const { element, onClip } = button(model(recording));
    expect(element.getAttribute("aria-label")).toBe(en.voice.send);
    fireEvent.click(element);
    await settle();
    expect(onClip).toHaveBeenCalledOnce();
  });
});

describe("the recorder bar", () => {
  test("shows the time; Escape throws away", () => {
    const recorder = model(recording);
    show(<RecorderBar recorder={recorder} slide={0} />);
    expect(screen.getByRole("timer").textContent).toBe("1:04");
    fireEvent.keyDown(document.body, { key: "Escape" });
    expect(recorder.cancel).toHaveBeenCalledOnce();
  });

  test("the last seconds and the end are said", () => {
    show(<RecorderBar recorder={model({ ...recording, seconds: 113 })} slide={0} />);
    expect(screen.getByRole("status").textContent).toBe("7 s left");
    cleanup();
    show(<RecorderBar recorder={model({ ...recording, seconds: 120, full: true })} slide={0} />);
    expect(screen.getByRole("status").textContent).toBe(en.voice.full);
  });

  test.each(Object.keys(en.voice.problems) as (keyof typeof en.voice.problems)[])("%s has its sentence", (problem) => {
    show(<RecorderProblem recorder={model({ phase: "idle", problem })} />);
    expect(screen.getByRole("alert").textContent).toBe(en.voice.problems[problem]);
  });
});

describe("a voice message", () => {
  const voice = (id: string, load = async () => new Uint8Array([1])) => ({
    id,
    seconds: 40,
    mime: "audio/webm;codecs=opus",
    load,
  });
  const listen = (one = voice("a")) => show(<VoiceMessage voice={one} waveform={[10, 100, 50, 20]} name="wei" />);

  test("is fetched when it is played, and pauses", async () => {
    const load = vi.fn(async () => new Uint8Array([1]));
    listen(voice("a", load));
    expect(screen.getByRole("figure", { name: "Voice message from wei, 0:40" })).toBeTruthy();
    expect(load).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole("button", { name: "Play" }));
    await act(settle);
    fireEvent.click(screen.getByRole("button", { name: "Pause" }));
    expect(screen.getByRole("button", { name: "Play" })).toBeTruthy();
    expect(load).toHaveBeenCalledOnce();
  });

  test("moved or pressed again while it opens, it is fetched once and begins where it was moved to", async () => {
    const load = vi.fn(async () => new Uint8Array([1]));
    listen(voice("a", load));
    const slider = screen.getByRole("slider");
    fireEvent.keyDown(slider, { key: "PageUp" });
    fireEvent.keyDown(slider, { key: "PageUp" });
    fireEvent.click(screen.getByRole("button", { name: "Play" }));
    await act(settle);
    expect(load).toHaveBeenCalledOnce();
    expect(FakeAudio.all).toHaveLength(1);
    expect(FakeAudio.all[0]?.currentTime).toBe(20);
  });

  test("only one plays at a time", async () => {
    show(
      <>
        <VoiceMessage voice={voice("a")} waveform={[1]} name="wei" />
        <VoiceMessage voice={voice("b")} waveform={[1]} name="lin" />
      </>,
    );
    fireEvent.click(screen.getAllByRole("button", { name: "Play" })[0] as Element);
    await act(settle);
    fireEvent.click(screen.getByRole("button", { name: "Play" }));
    await act(settle);
    expect(usePlayback.getState()).toMatchObject({ id: "b", state: "playing" });
    expect(screen.getAllByRole("button", { name: "Pause" })).toHaveLength(1);
  });

  test("the arrows seek, Home goes to the start, and time is said", async () => {
    listen();
    fireEvent.click(screen.getByRole("button", { name: "Play" }));
    await act(settle);
    const slider = screen.getByRole("slider");
    fireEvent.keyDown(slider, { key: "PageUp" });
    fireEvent.keyDown(slider, { key: "ArrowRight" });
    expect(slider.getAttribute("aria-valuetext")).toBe("0:12 of 0:40");
    expect(FakeAudio.all[0]?.currentTime).toBe(12);
    fireEvent.keyDown(slider, { key: "Home" });
    expect(slider.getAttribute("aria-valuenow")).toBe("0");
  });

  test("speeds go round and hold for the next one", async () => {
    listen();
    fireEvent.click(screen.getByRole("button", { name: "Play" }));
    await act(settle);
    fireEvent.click(screen.getByRole("button", { name: "Speed 1. Change" }));
    expect(FakeAudio.all[0]?.playbackRate).toBe(1.5);
    act(nextSpeed);
    expect(usePlayback.getState().speed).toBe(2);
    act(nextSpeed);
    expect(usePlayback.getState().speed).toBe(1);
  });

  test.each([
    ["a foreign format", { ...voice("a"), mime: "text/html" }],
    ["lost bytes", voice("a", () => Promise.reject(new Error("gone")))],
  ])("%s is said, not played", async (_, one) => {
    listen(one);
    fireEvent.click(screen.getByRole("button", { name: "Play" }));
    await act(settle);
    expect(screen.getByRole("alert").textContent).toBe(en.voice.unplayable);
    expect(FakeAudio.all).toHaveLength(0);
  });
});
