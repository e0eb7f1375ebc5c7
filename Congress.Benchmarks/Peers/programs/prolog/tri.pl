:- table tri/3.
tri(X, Y, Z) :- e(X, Y), e(Y, Z), e(X, Z).
