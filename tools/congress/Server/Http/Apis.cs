using Congress.Api;
using Congress.Bus;

namespace Congress.Cli.Server.Http;

/// <summary>The models of the API, over one bus.</summary>
internal sealed class Apis
{
    public Apis(IServiceCalls bus, TimeSpan timeout)
    {
        var calls = new ApiCalls(bus, timeout);
        (Policies, Rules, Tables, Datasources) = (new(calls), new(calls), new(calls), new(calls));
        (Drivers, Library, Status, WhatIf, Explain, Actions) = (new(calls), new(calls), new(calls), new(calls), new(calls), new(calls));
    }

    public PoliciesApi Policies { get; }

    public RulesApi Rules { get; }

    public TablesApi Tables { get; }

    public DatasourcesApi Datasources { get; }

    public DriversApi Drivers { get; }

    public LibraryApi Library { get; }

    public StatusApi Status { get; }

    public WhatIfApi WhatIf { get; }

    public ExplainApi Explain { get; }

    public ActionsApi Actions { get; }
}
