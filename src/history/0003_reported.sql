-- Whether everybody got the report of a run who should: only such a run is one to compare with.

ALTER TABLE runs ADD COLUMN reported BIGINT NOT NULL DEFAULT 1;
