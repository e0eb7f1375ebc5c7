--sqlite CREATE INDEX edge_x ON edge(x, y);
CREATE TABLE path AS WITH RECURSIVE reached(x, y) AS (
    SELECT x, y FROM edge
    UNION
    SELECT r.x, e.y FROM reached r JOIN edge e ON e.x = r.y)
SELECT x, y FROM reached;
