% Loads tables from files of tab-separated columns, and counts tables.

%!  load_table(+File, +Table, +Kind)
%   Adds a fact of Table for each line; the columns are all of Kind, integer or text.
load_table(File, Table, Kind) :-
    setup_call_cleanup(open(File, read, Stream), load_lines(Stream, Table, Kind), close(Stream)).

load_lines(Stream, Table, Kind) :-
    repeat,
    read_line_to_string(Stream, Line),
    (   Line == end_of_file
    ->  !
    ;   split_string(Line, "\t", "", Columns),
        values(Kind, Columns, Values),
        Fact =.. [Table|Values],
        assertz(Fact),
        fail
    ).

values(integer, Columns, Values) :- numbers(Columns, Values).
values(text, Columns, Values) :- atoms(Columns, Values).

numbers([], []).
numbers([Column|Columns], [Value|Values]) :- number_string(Value, Column), numbers(Columns, Values).

atoms([], []).
atoms([Column|Columns], [Value|Values]) :- atom_string(Value, Column), atoms(Columns, Values).

%!  print_count(+Table/Arity)
%   Computes all rows of a table and prints how many they are.
print_count(Table/Arity) :-
    functor(Goal, Table, Arity),
    aggregate_all(count, Goal, Count),
    format("~w\t~w~n", [Table, Count]).
