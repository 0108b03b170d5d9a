using System.CommandLine;
using System.Net.Http.Json;

var server = new Option<Uri>("--server", () => new Uri("http://localhost:5080"), "the observatory");
var ledge = new Argument<string>("ledge");
var birds = new Argument<int>("birds");

var record = new Command("record", "Record a count") { ledge, birds };
record.SetHandler(async (where, seen, at) =>
{
    using var http = new HttpClient { BaseAddress = at };
    (await http.PostAsync($"/counts/{where}?birds={seen}", null)).EnsureSuccessStatusCode();
}, ledge, birds, server);

var root = new RootCommand("Counts sea birds") { record };
root.AddGlobalOption(server);
return await root.InvokeAsync(args);
