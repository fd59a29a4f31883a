/* Text in assembly that branches to native code, checked as native code checks its own branches. */
#pragma once

#define MV_TEXT_OF(x) #x
#define MV_TEXT(x) MV_TEXT_OF(x)
