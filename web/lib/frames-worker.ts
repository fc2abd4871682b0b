/** Entry of the worker that encrypts the frames of a call, so that the bundler gives it a file of its own. */
import "@skrumble/sdk/call/frames-worker";
