namespace Congress.Diagnostics;

/// <summary>The kinds of finding. The hundreds tell the stage: 0 syntax, 1 names and schemas, 2 rules, 3 policies,
/// 4 evaluation, 5 facts.</summary>
public enum DiagnosticCode
{
    /// <summary>A character that begins no token.</summary>
    UnexpectedCharacter = 1,

    /// <summary>A string or a comment without its end.</summary>
    Unterminated = 2,

    /// <summary>A number that is malformed or too large.</summary>
    BadNumber = 3,

    /// <summary>A string escape that is not one.</summary>
    BadEscape = 4,

    /// <summary>A token where the grammar wants another.</summary>
    UnexpectedToken = 5,

    /// <summary>A column given twice, or a position after a named column.</summary>
    BadArguments = 6,

    /// <summary>An annotation that is unknown or malformed.</summary>
    BadAnnotation = 7,

    /// <summary>So many errors, or a text so large, that reading stopped; or a rule that is too large.</summary>
    TooMuch = 8,

    /// <summary><c>true</c>, <c>false</c> or <c>null</c> where a policy of OpenStack Congress would have meant a variable.</summary>
    LiteralName = 9,

    /// <summary>A table that the complete schema of its policy or datasource does not have.</summary>
    UnknownTable = 101,

    /// <summary>A column that the table does not have.</summary>
    UnknownColumn = 102,

    /// <summary>A builtin that does not exist, or not with that many arguments.</summary>
    UnknownBuiltin = 103,

    /// <summary>More or fewer arguments than the table has columns.</summary>
    WrongArity = 104,

    /// <summary>Column references into a table whose columns have no names.</summary>
    NoColumnNames = 105,

    /// <summary>A policy or datasource that does not exist yet; the rule waits for it.</summary>
    UnknownPolicy = 106,

    /// <summary>A table that nothing defines.</summary>
    UndefinedTable = 107,

    /// <summary>A declaration that contradicts another, or the use of its table.</summary>
    BadDeclaration = 108,

    /// <summary>A value that the type of its column does not allow.</summary>
    WrongType = 109,

    /// <summary>A fact with a variable.</summary>
    FactNotGround = 201,

    /// <summary>A statement that is not one rule or fact, such as a rule with two heads.</summary>
    NotAFormula = 202,

    /// <summary>A head that names a policy.</summary>
    HeadNamesPolicy = 203,

    /// <summary>A variable of the head that the body does not bind.</summary>
    UnboundHeadVariable = 204,

    /// <summary>A literal whose variables nothing binds.</summary>
    UnsafeLiteral = 205,

    /// <summary>A modal where it is not allowed.</summary>
    BadModal = 206,

    /// <summary>A head with the name of a builtin.</summary>
    BuiltinName = 207,

    /// <summary>Rules that depend on themselves in a way their policies do not allow.</summary>
    Recursion = 208,

    /// <summary>An aggregate where it is not allowed.</summary>
    BadAggregate = 209,

    /// <summary>A rule or a change in a policy whose kind does not take it.</summary>
    NotPermitted = 210,

    /// <summary>A policy that exists already, or does not exist.</summary>
    BadPolicy = 301,

    /// <summary>A name that cannot name a policy.</summary>
    BadPolicyName = 302,

    /// <summary>A policy whose deletion would leave references to nothing.</summary>
    DanglingReference = 303,

    /// <summary>A builtin of the user threw an exception.</summary>
    BuiltinFailed = 401,

    /// <summary>An evaluation went over its budget of rows, rounds or text length.</summary>
    BudgetExceeded = 402,

    /// <summary>A facts file that cannot be read as what its name says.</summary>
    BadFacts = 501,

    /// <summary>A statement of a what-if is neither a change nor a described action, or cannot be carried out.</summary>
    BadSimulation = 601,

    /// <summary>Nothing reads a table. Given by lint.</summary>
    UnusedTable = 701,

    /// <summary>The conditions of a rule exclude each other. Given by lint.</summary>
    NeverTrue = 702,

    /// <summary>A variable is used once. Given by lint.</summary>
    SingleUse = 703,

    /// <summary>A table has the name of one of another policy that its policy reads too. Given by lint.</summary>
    ShadowedName = 704,

    /// <summary>No condition joins two tables of a rule. Given by lint.</summary>
    CrossProduct = 705,

    /// <summary>Two rules say the same. Given by lint.</summary>
    DuplicateRule = 706,

    /// <summary>A rule gives violations and does not say how bad they are. Given by lint.</summary>
    MissingSeverity = 707,
}
