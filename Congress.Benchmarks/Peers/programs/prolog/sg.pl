% The recursive literal first: it is then one table, and not one for each parent.
:- table sg/2.
sg(X, Y) :- parent(P, X), parent(P, Y), X \== Y.
sg(X, Y) :- sg(A, B), parent(A, X), parent(B, Y), X \== Y.
