package granary.billing

import io.javalin.Javalin

fun main() {
    val port = System.getenv("PORT")?.toInt() ?: 7002
    Javalin.create()
        .get("/invoices/{id}") { it.json(mapOf("invoice" to it.pathParam("id"), "paid" to false)) }
        .start("0.0.0.0", port)
}
