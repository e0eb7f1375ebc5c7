--sqlite CREATE INDEX e_xy ON e(x, y);
CREATE TABLE tri AS
SELECT DISTINCT a.x, a.y, b.y AS z FROM e a JOIN e b ON b.x = a.y JOIN e c ON c.x = a.x AND c.y = b.y;
