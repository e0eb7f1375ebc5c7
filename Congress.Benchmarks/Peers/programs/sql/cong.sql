--sqlite CREATE INDEX group_grp ON "group"(grp, member);
CREATE TABLE same_group AS
SELECT DISTINCT a.member AS a, b.member AS b FROM "group" a JOIN "group" b ON a.grp = b.grp;
--sqlite CREATE INDEX same_group_ab ON same_group(a, b);
--sqlite CREATE INDEX public_net ON public(net);
--sqlite CREATE INDEX networks_net ON neutron_networks(net, owner);
--sqlite CREATE INDEX nova_net_vm ON nova_net(vm, net);
CREATE TABLE error AS
SELECT DISTINCT s.vm FROM nova_servers s JOIN nova_net p ON p.vm = s.vm JOIN neutron_networks n ON n.net = p.net
WHERE NOT EXISTS (SELECT 1 FROM same_group g WHERE g.a = s.owner AND g.b = n.owner)
  AND NOT EXISTS (SELECT 1 FROM public o WHERE o.net = p.net);
