CREATE TABLE res AS SELECT grp, count(id) AS n, sum(value) AS total FROM sale GROUP BY grp;
