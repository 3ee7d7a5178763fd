-- Which estate a message is about, and when it was first tried: what is sent for one estate is no sign of
-- life of another, and somebody who cannot be reached is waited for only so long.

ALTER TABLE messages ADD COLUMN estate TEXT NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN begun TEXT NOT NULL DEFAULT '';
