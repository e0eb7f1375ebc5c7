% Subsumptive: a question with values is answered from the table of the question without.
:- table same_group/2 as subsumptive.
same_group(A, B) :- group(A, G), group(B, G).
:- table error/1.
error(VM) :- nova_servers(VM, _, O), nova_net(VM, N), neutron_networks(N, NO), \+ same_group(O, NO), \+ public(N).
