--sqlite CREATE INDEX parent_child ON parent(parent, child);
CREATE TABLE sg AS WITH RECURSIVE same(x, y) AS (
    SELECT a.child, b.child FROM parent a JOIN parent b ON a.parent = b.parent WHERE a.child <> b.child
    UNION
    SELECT a.child, b.child FROM same s JOIN parent a ON a.parent = s.x JOIN parent b ON b.parent = s.y
    WHERE a.child <> b.child)
SELECT x, y FROM same;
