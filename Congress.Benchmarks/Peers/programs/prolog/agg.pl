:- table grp/1.
grp(G) :- sale(_, G, _).
:- table res/3.
res(G, N, T) :- grp(G), aggregate_all(r(count, sum(V)), sale(_, G, V), r(N, T)).
