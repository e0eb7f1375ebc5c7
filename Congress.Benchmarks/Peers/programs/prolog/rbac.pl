% Subsumptive: a question with values is answered from the table of the question without.
:- table ug/2.
ug(U, G) :- member(U, G).
ug(U, H) :- ug(U, G), subgroup(G, H).
:- table gperm/3 as subsumptive.
gperm(G, P, R) :- grant(G, RO, R), roleperm(RO, P).
gperm(G, P, C) :- gperm(G, P, R), tree(R, C).
:- table access/3.
access(U, P, R) :- ug(U, G), gperm(G, P, R), \+ deny(U, R).
:- table viol/3.
viol(U, P, R) :- ug(U, G), gperm(G, P, R), deny(U, R).
