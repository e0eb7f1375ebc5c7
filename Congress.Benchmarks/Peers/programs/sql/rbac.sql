--sqlite CREATE INDEX subgroup_grp ON subgroup(grp, parent);
--sqlite CREATE INDEX tree_parent ON tree(parent, child);
CREATE TABLE ug AS WITH RECURSIVE nested(usr, grp) AS (
    SELECT usr, grp FROM member
    UNION
    SELECT n.usr, s.parent FROM nested n JOIN subgroup s ON s.grp = n.grp)
SELECT usr, grp FROM nested;
CREATE TABLE gperm AS WITH RECURSIVE granted(grp, perm, resource) AS (
    SELECT g.grp, r.perm, g.resource FROM "grant" g JOIN roleperm r ON r.role = g.role
    UNION
    SELECT g.grp, g.perm, t.child FROM granted g JOIN tree t ON t.parent = g.resource)
SELECT grp, perm, resource FROM granted;
--sqlite CREATE INDEX gperm_grp ON gperm(grp, perm, resource);
--sqlite CREATE INDEX deny_usr ON deny(usr, resource);
CREATE TABLE access AS
SELECT DISTINCT u.usr, p.perm, p.resource FROM ug u JOIN gperm p ON p.grp = u.grp
WHERE NOT EXISTS (SELECT 1 FROM deny d WHERE d.usr = u.usr AND d.resource = p.resource);
CREATE TABLE viol AS
SELECT DISTINCT u.usr, p.perm, p.resource FROM ug u JOIN gperm p ON p.grp = u.grp
JOIN deny d ON d.usr = u.usr AND d.resource = p.resource;
