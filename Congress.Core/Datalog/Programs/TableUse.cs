using System.Collections.Immutable;
using Congress.Datalog.Analysis;

namespace Congress.Datalog.Programs;

/// <summary>How the active rules use a table: with how many columns, which derive it and which read it.</summary>
internal sealed record TableUse(int Arity)
{
    private readonly ImmutableList<Rule> _definitions = [];
    private readonly ImmutableList<Rule> _users = [];
    private Rule[]? _definitionList;
    private Rule[]? _userList;

    /// <summary>The rules whose head the table is, oldest first.</summary>
    public ImmutableList<Rule> Definitions
    {
        get => _definitions;
        init => (_definitions, _definitionList) = (value, null);
    }

    /// <summary>The rules in whose bodies the table stands, each once, oldest first.</summary>
    public ImmutableList<Rule> Users
    {
        get => _users;
        init => (_users, _userList) = (value, null);
    }

    /// <summary><see cref="Definitions"/> as a list to go through, made on first use.</summary>
    public Rule[] DefinitionList => _definitionList ??= [.. _definitions];

    /// <summary><see cref="Users"/> as a list to go through, made on first use.</summary>
    public Rule[] UserList => _userList ??= [.. _users];

    public bool IsUsed => Definitions.Count + Users.Count > 0;
}
