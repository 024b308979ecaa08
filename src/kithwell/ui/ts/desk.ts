/** The desk: shortcuts, ready replies, and the heartbeat that keeps a supporter's conversations theirs. */
import "./elements/desk-keys";
import "./elements/heartbeat";
import "./elements/quick-replies";
import "./elements/tab-count";
